"""Copying by letters, and going where an item leads, with the keyboard and with the mouse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import on

from codex_tui.panes.chat import ChatView
from codex_tui.protocol.items import parse_item
from codex_tui.session.transcript import Item, Settings
from tests.ui.panes.conversations import asked, said, thread, turn
from tests.ui.panes.stage import Stage, screen_rows

BLOCKS = (
    "Look:\n\n```python\nf(1)\n```\n\nand\n\n```\nsecond\n```\n\nSee https://example.org/x and there.py:3."
)


class Desk(Stage):
    """A stage that notes what the conversation wants of the program."""

    def __init__(self, *items: Item, root: str = "") -> None:
        super().__init__(replace(thread(turn("t1", *items)), settings=Settings(cwd=root)))
        self.copied: list[tuple[str, str]] = []
        self.wanted: list[Any] = []
        self.said: list[str] = []

    @on(ChatView.Copied)
    def note_copy(self, message: ChatView.Copied) -> None:
        text = message.text
        self.copied.append((text() if callable(text) else text, message.what))

    @on(ChatView.LinksWanted)
    def note_links(self, message: ChatView.LinksWanted) -> None:
        self.wanted.append([link.target for link in message.links])

    @on(ChatView.FileWanted)
    def note_file(self, message: ChatView.FileWanted) -> None:
        self.wanted.append((message.path, message.line))

    @on(ChatView.Leave)
    def stay(self) -> None:
        self.chat.read()

    @on(ChatView.Says)
    def note_remark(self, message: ChatView.Says) -> None:
        self.said.append(message.words)


def ran(command: str, output: str) -> Item:
    raw = {"type": "commandExecution", "id": "c", "command": command, "cwd": "/", "status": "completed"}
    body = parse_item({**raw, "exitCode": 0, "aggregatedOutput": output, "commandActions": []})
    return Item("c", "t1", body, "done")


async def test_letters_say_what_of_an_item_is_copied() -> None:
    desk = Desk(asked("u", "go"), ran("bash -lc 'make all'", "\x1b[32mgood\x1b[0m\n"), said("a", BLOCKS))
    async with desk.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        desk.chat.read()
        await pilot.press("y")
        await pilot.pause()
        assert desk.said[-1] == "copy:  y as shown   m markdown   c code   Esc"
        await pilot.press("c", "c", "c", "escape")
        await pilot.press("y", "y", "Y", "y", "escape", "y", "q")
        await pilot.press("up", "y", "x", "y", "o", "y", "m", "l")
        await pilot.pause()
        assert (desk.said[-1], desk.wanted) == ("it names no file or address", [])
    assert [text for text, _ in desk.copied[:3]] == ["f(1)", "second", "f(1)"]
    assert "c goes on" in desk.copied[0][1]
    shown, source = desk.copied[3][0], desk.copied[4][0]
    assert shown.startswith("Look:\n\nf(1)\n\nand\n\nsecond\n")
    assert source == BLOCKS
    assert "nothing was copied" in desk.said
    command = [text.strip() for text, _ in desk.copied[5:]]
    assert command == ["make all", "good", "$ make all\n\\x1b[32mgood\\x1b[0m"]


async def test_text_under_the_mouse_is_copied_and_followed(tmp_path: Path) -> None:
    (tmp_path / "there.py").touch()
    desk = Desk(said("a", BLOCKS), root=str(tmp_path))
    async with desk.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        rows = screen_rows(desk, desk.chat)
        y = next(at for at, row in enumerate(rows) if "there.py" in row)
        file, page = (rows[y].index(part) + 1 for part in ("there.py", "example"))
        await pilot.double_click(desk.chat, offset=(file, y))
        await pilot.pause()
        assert desk.said[-1] == "Ctrl+C copies what is selected"
        desk.chat.read()
        await pilot.press("y")
        await pilot.click(desk.chat, offset=(file, y), control=True)
        await pilot.click(desk.chat, offset=(page, y), control=True)
        await pilot.click(desk.chat, offset=(5, y), control=True)
        await pilot.pause()
        assert desk.copied == [("there.py:3", "")]
        assert desk.wanted == [(str(tmp_path / "there.py"), 3), ["https://example.org/x"]]
        assert desk.said[-1] == "that leads nowhere"
        await pilot.press("l")
        await pilot.pause()
        assert desk.wanted[-1] == ["https://example.org/x", str(tmp_path / "there.py")]


async def test_keys_that_come_fast_are_taken_in_their_order() -> None:
    desk = Desk(asked("u", "the question"), said("a", BLOCKS))
    async with desk.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        desk.chat.read()
        await pilot.pause()
        for key in ("up", "up", "Y", "down", "Y"):
            desk.simulate_key(key)
        await pilot.pause()
        assert [text for text, _ in desk.copied] == ["the question", BLOCKS]
