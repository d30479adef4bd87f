"""Two different questions never look the same, and nothing split over deltas comes together again."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codex_tui.dialogs.care import cautioned
from codex_tui.dialogs.exec import exec_sheet
from codex_tui.dialogs.frame import Moment, make_frame
from codex_tui.dialogs.patch import patch_sheet
from codex_tui.dialogs.setting import Place, Setting
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.cells import cells_of, paint_cell
from codex_tui.paint.look import Look, Palette
from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval
from codex_tui.protocol.items import FileChange
from codex_tui.session.transcript import Item
from tests.hostile.vt import is_hidden
from tests.session.said import (
    after,
    completed,
    delta,
    message,
    opened,
    output,
    started,
    the_turn,
    turn_started,
)
from tests.session.said import command as command_item

SIZES = ((40, 10), (80, 24), (200, 60))
SETTING = Setting(workspace="/srv", home="/home/dev", look_up=Place)
PLACE = {"threadId": "t", "turnId": "u", "itemId": "i"}

# What has fooled somebody once, beside ordinary text: a small alphabet, so that near twins are common.
PIECES = (
    *(
        "a",
        "b",
        "rm",
        " ",
        "  ",
        "     ",
        "\t",
        "\n",
        "\r",
        "\x1b",
        "\x1b[2J",
        "\x9b",
        "\x00",
        "\x7f",
        "\x08",
    ),
    *(
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\ufe0f",
        "\u3164",
        "\u2800",
        "\xa0",
        "\xad",
        "\u2028",
        "\ue000",
    ),
    *(
        "\u0301",
        "\u0301" * 9,
        "\U000e0041",
        "漢",
        "👩",
        "\u05d0",
        "é",
        "e\u0301",
        "␣",
        "␣1␣",
        "\\x1b",
        "\\",
        "x1b",
    ),
    *("<U+202E>", "<", "U+202E>", "[bold]", "[/]", "▌", "│", "  2 ▌ ", "'", '"'),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@st.composite
def twins(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts, the second a small change of the first."""
    parts = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10))
    at = draw(st.integers(0, len(parts) - 1))
    other = [*parts[:at], draw(st.one_of(st.just(""), st.sampled_from(PIECES))), *parts[at + 1 :]]
    return "".join(parts), "".join(other)


def screens(sheet: Sheet, columns: int, rows: int) -> list[str]:
    """All that a person can see of a sheet at that size: every line around the body, every row of it."""
    frame = make_frame(cautioned(sheet), Look(palette=Palette()), columns, rows)
    around, _ = frame.paint(Moment(alive_in=math.inf))
    body = [frame.body.paint(row) for row in range(len(frame.body))]
    shown = [strip.text for strip in (*around, *body)]
    hidden = {char for text in shown for char in text if is_hidden(char)}
    assert not hidden, hidden
    return shown


def of_command(**params: Any) -> Sheet:
    made = exec_sheet(CommandApproval.model_validate({**PLACE, **params}), SETTING)
    assert made is not None
    return made


def of_host(host: str) -> Sheet:
    return of_command(command=None, networkApprovalContext={"host": host, "protocol": "https"})


def of_cwd(cwd: str) -> Sheet:
    return of_command(command="ls", cwd=f"/srv/{cwd}/z")


def of_path(path: str) -> Sheet:
    change = {
        "path": f"/srv/{path}",
        "kind": {"type": "update", "move_path": None},
        "diff": "@@ -1 +1 @@\n-a\n+b\n",
    }
    body = FileChange.model_validate(
        {"type": "fileChange", "id": "i", "changes": [change], "status": "inProgress"}
    )
    return patch_sheet(FileChangeApproval.model_validate(PLACE), Item("i", "u", body), SETTING)


@settings(max_examples=150, deadline=None)
@given(twins())
@example(("ls", "ls "))
@example(("a\tb", "a\\x09b"))
@example(("a    b", "a␣4␣b"))
@example(("ls\nrm", "ls\n\nrm"))
def test_different_commands_have_different_screens(pair: tuple[str, str]) -> None:
    first, second = pair
    for columns, rows in SIZES:
        one = screens(of_command(command=first), columns, rows)
        other = screens(of_command(command=second), columns, rows)
        assert (one == other) == (first == second)


@pytest.mark.parametrize("surface", ["cwd", "host", "path"])
@settings(max_examples=80, deadline=None)
@given(pair=twins())
@example(pair=("a", "a "))
@example(pair=("a\nb", "a b"))
def test_different_directories_hosts_and_paths_have_different_screens(
    surface: str, pair: tuple[str, str]
) -> None:
    made: Callable[[str], Sheet] = {"cwd": of_cwd, "host": of_host, "path": of_path}[surface]
    first, second = pair
    for columns, rows in SIZES:
        one, other = screens(made(first), columns, rows), screens(made(second), columns, rows)
        assert (one == other) == (first == second)


@settings(max_examples=80, deadline=None)
@given(twins())
def test_different_reasons_have_different_screens_but_for_blanks(pair: tuple[str, str]) -> None:
    """A reason is prose: a row may end at a blank or inside a long word, so its blanks mean nothing."""

    def bare(text: str) -> str:
        return "".join(text.split())

    first, second = pair
    for columns, rows in SIZES:
        one = screens(of_command(command="ls", reason=f"x{first}x"), columns, rows)
        other = screens(of_command(command="ls", reason=f"x{second}x"), columns, rows)
        if bare(f"x{first}x") != bare(f"x{second}x"):
            assert one != other


SEQUENCES = (
    "\x1b[2J",
    "\x1b[3\x1b[1m1m",
    "\x1b\x1b[[2J",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;https://a.example/\x1b\\x\x1b]8;;\x1b\\",
    "\x1bPtmux;\x1b\x1b]52;c;ZXZpbA==\x07\x1b\\",
    "\x9d52;c;ZXZpbA==\x9c",
    "\x1b_Ga=T\x1b\\",
    "\x1b(0q\x1b(B",
    "\x1bc",
    "\u202egnp.exe",
    "a\r\x1b[K\x08b",
)


def painted(item: Item, width: int) -> str:
    """An item as the chat draws it, everything unfolded."""
    look = Look(palette=Palette(), width=width)
    return "".join(f"{strip.text}\n" for cell in cells_of(item) for strip in paint_cell(cell, look, "full"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SEQUENCES),
    st.lists(st.integers(0, 30), max_size=5),
    st.sampled_from(["message", "output"]),
    st.sampled_from([36, 76, 190]),
)
def test_a_sequence_split_over_deltas_never_comes_together(
    sequence: str, cuts: list[int], kind: str, width: int
) -> None:
    text = f"before {sequence} after"
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    begun = message("m") if kind == "message" else command_item("m")
    state = after(opened(), turn_started(), started(begun))
    for piece in pieces:
        state = after(delta("m", piece) if kind == "message" else output("m", piece), state=state)
        shown = painted(the_turn(state).items[0], width)
        assert not {char for char in shown if is_hidden(char) and char != "\n"}
    whole = message("m", text) if kind == "message" else command_item("m", text, "completed")
    state = after(completed(whole), state=state)
    shown = painted(the_turn(state).items[0], width)
    # Output may write over its own line, as in a terminal; what comes last is there.
    assert "after" in "".join(shown.split())
    assert not {char for char in shown if is_hidden(char) and char != "\n"}
