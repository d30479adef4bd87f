"""What the diff pane sends to the terminal: rows that differ, and all of those."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pyte

from tests.ui.diff.stage import ALL, Stage, many_lines, rows, state

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen
    from textual.strip import Strip

KEYS = (
    *("down", "down", "up", "pagedown", "pageup", "end", "home", "enter", "z", "s", "w"),
    *("right_square_bracket", "left_square_bracket", "right_curly_bracket", "left_curly_bracket"),
)


class Seen(Stage):
    """A stage with a terminal that gets what is painted, piece by piece."""

    def __init__(self, diff: str, size: tuple[int, int]) -> None:
        super().__init__(state(diff))
        self.terminal = pyte.Screen(*size)
        self._stream = pyte.Stream(self.terminal)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if renderable is not None:
            self._stream.feed(renderable.render_segments(self.console))  # type: ignore[union-attr]


async def test_the_terminal_has_what_a_whole_frame_would_have() -> None:
    size = (80, 24)
    stage = Seen(ALL + many_lines(200), size)
    hands = random.Random(7)
    async with stage.run_test(size=size) as pilot:
        for at in range(60):
            key = hands.choice(KEYS)
            await pilot.press(key)
            await pilot.pause()
            assert [row.rstrip() for row in stage.terminal.display] == rows(stage), (at, key)


async def test_a_frame_colours_what_it_has_time_for_and_the_rest_comes_after_it() -> None:
    stage = Stage(state(many_lines(2_000)))
    async with stage.run_test(size=(120, 60)) as pilot:
        view = stage.pane.view
        while "value_20" not in "".join(rows(stage)):
            await pilot.pause(0.05)

        def colours() -> list[bool]:
            """For each row whether it has more parts than number, sign and text."""
            strips: list[Strip] = view.render_lines(view.size.region)
            return [len(list(strip)) > 9 for strip in strips[: view.size.height - 1]]

        view.to_end()
        first = colours()
        assert any(first)
        assert not all(first)
        while not all(colours()):
            await pilot.pause(0.05)
