"""The snapshot fixture itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from tests.ui.snapshot import Snap, normalise


class Tiny(App[None]):
    def __init__(self, word: str = "hello") -> None:
        super().__init__()
        self.word = word

    def compose(self) -> ComposeResult:
        yield Static(f"[b]{self.word}[/b] [red]<& 世界>[/]")
        yield TextArea("a cursor that does not blink")


async def test_a_screen_equals_its_golden_at_every_size(snap: Snap) -> None:
    await snap(Tiny, "fixture/tiny", sizes=[(40, 10), (60, 12)])


async def test_one_running_app_resized_shows_the_same_as_fresh_ones(snap: Snap) -> None:
    await snap(Tiny(), "fixture/tiny", sizes=[(40, 10), (60, 12)])


async def test_a_screen_that_differs_fails_and_says_where_to_look(tmp_path: Path) -> None:
    async def change(pilot: Pilot[None]) -> None:
        pilot.app.query_one(Static).update("changed")

    def stored(name: str) -> str:
        return f"another picture for {name}"

    with pytest.raises(AssertionError, match=r"seen: .*tiny-40x10\.svg"):
        await Snap(stored, tmp_path)(Tiny, "fixture/tiny", sizes=[(40, 10)], before=change)
    assert "changed" in (tmp_path / "fixture/tiny-40x10.svg").read_text()


async def test_the_picture_does_not_depend_on_ids_or_network_fonts() -> None:
    app = Tiny()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        first = app.export_screenshot(title="one")
        second = app.export_screenshot(title="other").replace("other", "one")
    assert first != second, "the ids come from the content"
    assert normalise(first) == normalise(second)
    assert "https://cdn" in first
    assert "https://cdn" not in normalise(first)
