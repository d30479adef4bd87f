"""Golden screens: an app at given sizes, as SVG files under the top-level `snapshots/`.

    async def test_markdown_looks_right(snap: Snap) -> None:
        await snap(lambda: MyApp(), "chat/markdown", sizes=[(80, 24)], before=type_something)

A golden is `snapshots/<room>/<case>-<W>x<H>.svg`. `pytest --snapshot-update` renews them; a run
of all tests (no path on the command line) also reports goldens that no test asked for. What a
failing screen looked like is left beside pytest's temporary files, the assertion names it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from syrupy.extensions.image import SVGImageSnapshotExtension
from syrupy.location import PyTestLocation
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

GOLDENS = Path(__file__).resolve().parents[2] / "snapshots"
SIZES = ((80, 24), (120, 40), (200, 60))
TITLE = "codex-tui"

Before = Callable[[Pilot[Any]], Awaitable[object]]


class Golden(SVGImageSnapshotExtension):
    """syrupy's storage with our file names; the name given to the assertion is the file's."""

    _asked: ClassVar[set[str]] = set()

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(GOLDENS)

    @classmethod
    def discovery_dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(GOLDENS)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: str | int = 0) -> str:
        return str(index)

    @classmethod
    def get_file_basename(cls, *, test_location: PyTestLocation, index: str | int) -> str:
        return str(index)

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: str | int) -> str:
        location = super().get_location(test_location=test_location, index=index)
        cls._asked.add(location)
        return location

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        # Only what was asked for belongs to a test that ran: a run of some tests
        # leaves the goldens of all others in peace.
        return snapshot_location in cls._asked

    def read_snapshot_collection(self, *, snapshot_location: str) -> Any:
        from syrupy.data import Snapshot, SnapshotCollection

        found = SnapshotCollection(location=snapshot_location)
        found.add(Snapshot(name=str(Path(snapshot_location).relative_to(GOLDENS).with_suffix(""))))
        return found

    @classmethod
    def write_snapshot(cls, **what: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "can not relate the name to the test": ours is the golden's
            super().write_snapshot(**what)


def normalise(svg: str) -> str:
    """The picture without what differs between equal screens (ids) and without fonts from the network.

    One element a line, so that a changed golden reads well in a diff.
    """
    svg = re.sub(r"terminal-\d+", "t", svg)
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r">\s*<(?=rect|text|clipPath|g|line|/g|circle)", ">\n<", svg)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE).strip() + "\n"


class Snap:
    """Runs an app and compares its screen with the goldens."""

    def __init__(self, golden: Callable[..., object], seen: Path) -> None:
        """`golden(name=…)` equals the stored picture; `seen` is a folder for what was on screen."""
        self._golden = golden
        self._seen = seen

    async def __call__(
        self,
        app: App[Any] | Callable[[], App[Any]],
        name: str,
        *,
        sizes: Sequence[tuple[int, int]] = SIZES,
        before: Before | None = None,
        theme: str | None = None,
    ) -> None:
        """Compare at each of `sizes` (columns, rows).

        `app`: an instance runs once and is resized, a callable makes a fresh one for each size.
        `before(pilot)` brings the app into the state to see; `theme` is a registered theme's name.
        """
        if isinstance(app, App):
            running = cast("App[Any]", app)
            async with running.run_test(size=sizes[0]) as pilot:
                await self._prepare(pilot, before, theme)
                for size in sizes:
                    if size != sizes[0]:
                        await pilot.resize_terminal(*size)
                    await self._compare(pilot, name, size)
            return
        for size in sizes:
            async with app().run_test(size=size) as pilot:
                await self._prepare(pilot, before, theme)
                await self._compare(pilot, name, size)

    async def _prepare(self, pilot: Pilot[Any], before: Before | None, theme: str | None) -> None:
        pilot.app.animation_level = "none"
        if theme is not None:
            pilot.app.theme = theme
        await pilot.pause()
        if before is not None:
            await before(pilot)

    async def _compare(self, pilot: Pilot[Any], name: str, size: tuple[int, int]) -> None:
        await pilot.pause()
        for screen in pilot.app.screen_stack:
            for area in screen.query(TextArea):
                area.cursor_blink = False
            for field in screen.query(Input):
                field.cursor_blink = False
        await pilot.pause()
        svg = normalise(pilot.app.export_screenshot(title=TITLE, simplify=True))
        case = f"{name}-{size[0]}x{size[1]}"
        seen = self._seen / f"{case}.svg"
        seen.parent.mkdir(parents=True, exist_ok=True)
        seen.write_text(svg, encoding="utf-8")
        matched = self._golden(name=case) == svg
        assert matched, f"{case} differs from its golden; seen: {seen} (--snapshot-update renews goldens)"
