"""The palette of the app's theme, for widgets that paint lines themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from codex_tui.paint.theme import palette_for

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

    from codex_tui.paint.look import Palette


def app_of(widget: Widget) -> App[Any]:
    """The app a mounted widget is in."""
    return cast("App[Any]", widget.app)  # pyright: ignore[reportUnknownMemberType]


def palette_of(widget: Widget) -> Palette:
    """The roles' styles in the current theme of the app that `widget` is in."""
    app = app_of(widget)
    return palette_for(app.theme_variables, app.current_theme.dark)


def follow_theme(widget: Widget, recolour: Callable[[], object]) -> None:
    """Call `recolour` whenever the app gets another theme, as long as `widget` is mounted."""
    app_of(widget).theme_changed_signal.subscribe(widget, lambda _theme: recolour())


def moves(widget: Widget) -> bool:
    """Whether things may move by themselves (no reduced motion)."""
    return app_of(widget).animation_level != "none"
