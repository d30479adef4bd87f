"""Jumps in the conversation: by prompt, by kind, to failures."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from codex_tui.panes.chat import ChatView
from codex_tui.panes.chat.jumps import is_failure, seek, wanted_of
from codex_tui.panes.chat.window import Window
from codex_tui.protocol.items import FileChange, McpToolCall, ToolError
from codex_tui.session.transcript import Item, Notice
from tests.ui.panes.conversations import PlainPainters, asked, lines, ran, said, thread, turn
from tests.ui.panes.stage import Stage, plain, screen_rows
from tests.ui.panes.test_window import a_window, sight


def failed(item_id: str, command: str) -> Item:
    item = ran(item_id, command, "no")
    return replace(item, body=item.body.model_copy(update={"status": "failed", "exit_code": 2}))  # pyright: ignore


LONG = thread(
    turn("t1", asked("u1", "first"), failed("c1", "make"), said("a1", lines("one", 20)), status="completed"),
    turn("t2", asked("u2", "second"), ran("c2", "ls", lines("file", 9)), said("a2", lines("two", 20))),
    turn("t3", asked("u3", "third"), failed("c3", "test"), said("a3", lines("three", 20))),
)


def went(window: Window, aim: str, step: int) -> str:
    """The id of the item a jump leads to, empty when there is none."""
    slot = window.layout.find(window.selected) if window.selected is not None else None
    wanted = wanted_of(aim, slot.item if slot is not None else None)  # pyright: ignore[reportArgumentType]
    found = seek(window.layout, window.here(step), step, wanted)
    if found is None:
        return ""
    window.go(found)
    window.frame()
    return found.key[2]


def test_prompts_are_visited_one_by_one_in_both_directions() -> None:
    window = a_window(LONG)
    window.frame()
    assert [went(window, "prompt", -1) for _ in range(4)] == ["u3", "u2", "u1", ""]
    assert [went(window, "prompt", 1) for _ in range(3)] == ["u2", "u3", ""]


def test_a_prompt_jumped_to_stands_at_the_top_below_one_row_of_what_was_before() -> None:
    window = a_window(LONG)
    window.frame()
    went(window, "prompt", -1)
    went(window, "prompt", -1)
    assert sight(window)[1] == "second"
    assert not window.following


def test_the_last_failure_comes_first_and_then_those_before_it() -> None:
    window = a_window(LONG)
    window.frame()
    assert [went(window, "failure", -1) for _ in range(3)] == ["c3", "c1", ""]
    assert went(window, "failure", 1) == "c3"


def test_items_of_the_selected_kind_are_found() -> None:
    window = a_window(LONG)
    window.frame()
    went(window, "command", -1)
    assert [went(window, "kind", -1) for _ in range(3)] == ["c2", "c1", ""]


def test_a_jump_starts_from_what_is_in_sight_when_the_selected_item_is_not() -> None:
    window = a_window(LONG)
    window.frame()
    went(window, "prompt", -1)
    window.home()
    window.frame()
    assert went(window, "prompt", 1) == "u1"


def test_what_counts_as_a_failure() -> None:
    patch = FileChange(type="fileChange", id="p", status="failed")
    tool = McpToolCall(type="mcpToolCall", id="m", status="completed", error=ToolError(message="no"))
    bad = [
        failed("c", "x"),
        Item("p", "t", patch),
        Item("m", "t", tool),
        Item("n", "t", Notice("error", "x")),
    ]
    assert all(map(is_failure, bad))
    good = [ran("c", "x"), said("a", "error"), Item("n", "t", Notice("warning", "x")), asked("u", "failed")]
    assert not any(map(is_failure, good))


async def test_single_keys_read_while_the_conversation_has_the_keyboard_and_esc_gives_it_back() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=(40, 14)) as pilot:
        await pilot.pause()
        stage.chat.read()
        await pilot.press("[", "[")
        assert screen_rows(stage, stage.chat)[1] == "s▌cond"
        await pilot.press("x")
        assert stage.chat.selected == ("item", "t1", "c1")
        await pilot.press("j", "k", "G")
        assert screen_rows(stage, stage.chat)[-1] == "three 19"
        await pilot.press("g")
        assert screen_rows(stage, stage.chat)[0] == "first"
        await pilot.press("space")
        assert screen_rows(stage, stage.chat)[0] != "first"
        assert not stage.query_one("Input").has_focus
        stage.query_one("Input").focus()
        await pilot.press("g", "x")
        assert stage.query_one("Input").value == "gx"  # pyright: ignore


class Hearing(Stage):
    """A stage that notes what is said in passing."""

    said = ""

    @on(ChatView.Says)
    def note(self, message: ChatView.Says) -> None:
        self.said = message.words


async def test_where_nothing_is_it_is_said_and_whether_there_is_some_elsewhere() -> None:
    stage = Hearing(LONG, PlainPainters().typed)
    async with stage.run_test(size=(40, 14)) as pilot:
        await pilot.pause()
        stage.chat.read()
        await pilot.press("X")
        await pilot.pause()
        assert stage.said == "no failure below, but above"
        await pilot.press("x", "x", "x")
        await pilot.pause()
        assert stage.said == "no failure above, but below"
        await pilot.press("p")
        await pilot.pause()
        assert stage.said == "no patch below"
