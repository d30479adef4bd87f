"""The last words of a saved thread, and the hand-painted frame they stand on."""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
import time
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.curtain import Curtain
from codex_tui.glimpse import Words, glimpse
from codex_tui.text import own


def thread(*items: dict[str, Any]) -> dict[str, Any]:
    """A page of turns with these items, the newest last, each in a turn of its own."""
    return {"data": [{"items": [item]} for item in reversed(items)]}


def said(text: str) -> dict[str, Any]:
    return {"type": "agentMessage", "id": "a", "text": text}


def asked(text: str) -> dict[str, Any]:
    return {"type": "userMessage", "id": "u", "content": [{"type": "text", "text": text}]}


def rows(result: Any, columns: int = 80, high: int = 24, **more: Any) -> list[str]:
    return [str(row.text) for row in glimpse(result, columns, high, **more)]


def test_prompts_and_answers_stand_as_in_the_chat() -> None:
    assert rows(thread(asked("why?"), said("First.\n\nAnd **then** `this`."))) == [
        "  ❯ why?",
        "",
        "    First.",
        "",
        "    And then this.",
    ]


def test_only_the_last_rows_are_there() -> None:
    long = said("\n\n".join(f"Paragraph {number}." for number in range(50)))
    assert rows(thread(asked("why?"), long), high=3) == ["    Paragraph 48.", "", "    Paragraph 49."]


def test_older_turns_fill_what_is_left() -> None:
    assert rows(thread(said("one"), said("two"), said("three")), high=4) == ["", "    two", "", "    three"]


def test_code_keeps_its_lines_and_loses_its_fence() -> None:
    assert rows(thread(said("So:\n```python\nx = 1\n\n    y = **2\n```\ndone"))) == [
        "    So:",
        "    x = 1",
        "",
        "        y = **2",
        "    done",
    ]


def test_a_message_that_is_cut_in_its_code_goes_on_as_code() -> None:
    whole = said("```\n" + "x = **1** + 1\n" * 3000 + "```")
    assert set(rows(thread(whole))) == {"    x = **1** + 1"}


def test_headings_are_strong_and_paragraphs_filled() -> None:
    found = glimpse(thread(said("## Why\none\ntwo\n- a\n- b")), 80, 24)
    assert found[0] == Words(own("    Why"), "strong")
    assert [row.text for row in found[1:]] == ["    one two", "    - a", "    - b"]


def test_items_that_say_nothing_are_passed_over() -> None:
    command = {"type": "commandExecution", "id": "c", "command": "rm -rf /", "aggregatedOutput": "gone"}
    assert rows(thread(said("one"), command)) == ["    one"]


def test_a_narrow_screen_has_a_narrow_margin_and_a_tiny_one_no_glimpse() -> None:
    assert rows(thread(asked("why?")), columns=40) == ["❯ why?"]
    assert rows(thread(asked("why?")), columns=40, plain=True) == ["> why?"]
    assert not rows(thread(asked("why?")), columns=19)


def test_what_could_act_on_the_terminal_is_written_out() -> None:
    shown = "\n".join(rows(thread(asked("a\x1b[2J"), said("b\x9b31m\u202e\r\n```\n\x07\n```"))))
    assert all(sign.isprintable() or sign == "\n" for sign in shown)
    assert "\\x1b[2J" in shown


odd = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "items", "type", "text", "content"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(odd)
def test_any_other_shape_has_no_words_or_some(result: Any) -> None:
    assert isinstance(glimpse(result, 80, 24), tuple)


@given(st.text(), st.integers(20, 200), st.integers(0, 30))
def test_no_row_is_wider_than_the_screen_and_none_too_many(text: str, columns: int, high: int) -> None:
    from codex_tui.text import cell_width

    found = glimpse(thread(asked(text), said(text)), columns, high)
    assert len(found) <= high
    assert all(cell_width(row.text) <= columns for row in found)


class Screen:
    """A terminal without echo, and a frame on it."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (24, 80))
        self.curtain = Curtain(self.slave, self.slave)

    def until(self, wanted: bytes) -> bytes:
        """What was painted, up to `wanted`."""
        seen, end = b"", time.monotonic() + 20
        while wanted not in seen:
            assert select.select([self.master], [], [], max(0.0, end - time.monotonic()))[0], seen
            seen += os.read(self.master, 4096)
        return seen


@pytest.fixture
def screen() -> Generator[Screen]:
    made = Screen()
    yield made
    made.curtain.take()
    os.close(made.master)
    os.close(made.slave)


WORDS = (Words(own("    Why"), "strong"), Words(own("    so")))


def test_the_frame_shows_them_above_the_composer_and_keeps_the_cursor_there(screen: Screen) -> None:
    screen.curtain.up()
    screen.until("❯ ".encode())
    thread = threading.Thread(target=screen.curtain.show, args=(WORDS,))
    thread.start()
    painted = screen.until(b"\x1b8")
    thread.join()
    assert b"\x1b[1;1H\x1b[1m    Why\x1b[2;1H\x1b[22m    so" in painted
    assert painted.startswith(b"\x1b7")


def test_once_the_interface_is_there_they_are_left_to_it(screen: Screen) -> None:
    told: list[str] = []
    screen.curtain.late = lambda: told.append("late")
    screen.curtain.up()
    screen.curtain.take()
    screen.curtain.show(WORDS)
    assert told == ["late"]
    assert screen.curtain.words == WORDS
    assert b"Why" not in screen.until("❯ ".encode())
