"""The question whether to trust a folder: what it shows, and that no stray key answers it."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from codex_tui.dialogs.folder import folder_sheet
from codex_tui.paths import styles_dir
from codex_tui.screens.trust import TrustScreen
from codex_tui.themes import THEMES
from codex_tui.trust import Part, Trust
from tests.ui.dialogs.stage import HOME, Clock, screen_text
from tests.ui.snapshot import SIZES, Snap

ROOT = Path("/home/ada/src/calc")
UNKNOWN = Trust("unknown", ROOT / "web", ROOT, ROOT, Path("/home/ada/.codex/config.toml"))
PARTS = (
    Part(ROOT / ".codex/config.toml", "settings, may start programs", 213),
    Part(ROOT / ".codex/hooks.json", "programs beside the agent", 97),
    Part(ROOT / "AGENTS.md", "instructions for the model", 1204),
    Part(ROOT / "web/.env", "not read, trusted or not", 48),
)
ALIVE = 0.8  # seconds after which answers count


class Stage(App[None]):
    """An app that asks at once."""

    CSS_PATH: ClassVar = [styles_dir() / "dialogs.tcss"]
    CSS = "Screen { overflow: hidden; }"

    def __init__(self, trust: Trust = UNKNOWN, parts: Sequence[Part] = PARTS) -> None:
        super().__init__()
        self.clock = Clock()
        self.answers: list[str | None] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.dialog = TrustScreen(folder_sheet(trust, parts, HOME), clock=self.clock)
        self.dialog.gate.held_for = 0.0  # answers take effect at once

    def compose(self) -> ComposeResult:
        yield Static("")

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)

    async def live(self, pilot: Pilot[None]) -> None:
        await pilot.pause()
        self.clock.now += ALIVE
        self.dialog.redraw()
        await pilot.pause()


@asynccontextmanager
async def asked(
    trust: Trust = UNKNOWN, parts: Sequence[Part] = PARTS, size: tuple[int, int] = (100, 40)
) -> AsyncGenerator[tuple[Stage, Pilot[None]]]:
    stage = Stage(trust, parts)
    async with stage.run_test(size=size) as pilot:
        await pilot.pause()
        yield stage, pilot


async def test_it_shows_the_folder_what_lies_there_and_what_each_answer_does(snap: Snap) -> None:
    async def live(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, Stage)
        await app.live(pilot)

    await snap(Stage, "dialogs/trust", sizes=[*SIZES, (40, 10)], before=live)


@pytest.mark.parametrize(("key", "answer"), [("t", "trust"), ("r", "once"), ("escape", "leave")])
async def test_a_key_answers_once_the_guard_is_open_and_not_before(key: str, answer: str) -> None:
    async with asked() as (stage, pilot):
        await pilot.press(key)
        assert stage.answers == []
        await stage.live(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert stage.answers == [answer]


async def test_what_is_typed_or_held_down_while_it_opens_answers_nothing() -> None:
    """Five hundred keys at the pace of typing: not one counts."""
    chance = random.Random(7)
    async with asked() as (stage, pilot):
        for _ in range(500):
            stage.clock.now += chance.uniform(0.0, 0.49)
            stage.dialog.press(chance.choice(["t", "r", "escape", "enter", "y", "u", "space", "a"]))
        await pilot.pause()
        assert stage.answers == []


async def test_its_list_of_keys_answers_nothing_and_esc_only_leads_back_from_it() -> None:
    async with asked(size=(40, 10)) as (stage, pilot):
        await stage.live(pilot)
        stage.dialog.press("f1")
        await pilot.pause()
        text = screen_text(stage)
        assert "Keys of this page" in text
        assert "Trust it and start" in text
        for key in ("t", "r", "enter", "escape"):
            stage.clock.now += 1
            stage.dialog.press(key)
        await pilot.pause()
        assert "Trust this folder?" in screen_text(stage)
        assert stage.answers == []
        await stage.live(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.answers == ["leave"]


async def test_a_paste_puts_the_answers_off() -> None:
    from textual import events

    async with asked() as (stage, pilot):
        await stage.live(pilot)
        stage.dialog.post_message(events.Paste("t\n"))
        await pilot.pause()
        await pilot.press("t")
        assert stage.answers == []


async def test_other_keys_answer_nothing() -> None:
    async with asked() as (stage, pilot):
        for key in ("enter", "y", "space", "f5", "s", "T", "tab"):
            await stage.live(pilot)
            await pilot.press(key)
        await pilot.pause()
        assert stage.answers == []


async def test_trust_needs_all_of_it_seen_leaving_does_not() -> None:
    async with asked(parts=PARTS * 8, size=(60, 18)) as (stage, pilot):
        await stage.live(pilot)
        await pilot.press("t")
        assert stage.answers == []
        for _ in range(20):
            await pilot.press("pagedown")
            await pilot.pause()
        await stage.live(pilot)
        await pilot.press("t")
        await pilot.pause()
        assert stage.answers == ["trust"]


async def test_names_in_the_folder_are_shown_with_everything_hidden_made_visible() -> None:
    folder = Path("/home/ada/\x1b[31mred\u202egnp")
    trust = Trust("unknown", folder, folder, folder, Path("/home/ada/.codex/config.toml"))
    async with asked(trust, [Part(folder / "AGENTS.md", "instructions", 1)]) as (stage, _):
        text = screen_text(stage)
        assert "~/\\x1b[31mred<U+202E>gnp" in text
        assert "AGENTS.md (1 byte)" in text


async def test_a_project_that_brings_the_engines_home_is_not_started_read_only() -> None:
    trust = Trust("unknown", ROOT, ROOT, ROOT, ROOT / "config.toml", "CODEX_HOME lies inside", True)
    async with asked(trust) as (stage, pilot):
        assert "CODEX_HOME lies inside" in screen_text(stage)
        await stage.live(pilot)
        await pilot.press("r")
        await pilot.pause()
        assert stage.answers == []


async def test_an_empty_folder_says_that_nothing_is_there() -> None:
    async with asked(parts=()) as (stage, _):
        assert "nothing that the engine would follow" in screen_text(stage)
