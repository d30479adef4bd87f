"""How things look right now: width, colours, marks and fold level, as one immutable value.

Painters are pure functions of (record, Look). All colours come from the theme: `Palette`
holds one rich Style a role, and roles are the only way a painter picks a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rich.style import Style

from codex_tui.text import SafeText, own

Fold = Literal["brief", "normal", "full"]

NARROW = 60
"""Cells of width below which margins shrink."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One style a role. `accent` only for what waits for the person; `warn` for what leaves the
    sandbox, lasts or is unusual; `added`/`removed` and `good`/`bad` for diffs and outcomes."""

    text: Style = Style(color="#d8dee9")
    dim: Style = Style(color="#7b8496")
    strong: Style = Style(color="#eceff4", bold=True)
    prompt: Style = Style(color="#eceff4", bold=True)
    accent: Style = Style(color="#e5b567", bold=True)
    warn: Style = Style(color="#e5b567")
    good: Style = Style(color="#98c379")
    bad: Style = Style(color="#e06c75")
    added: Style = Style(color="#98c379", bgcolor="#1f2d22")
    removed: Style = Style(color="#e06c75", bgcolor="#332022")
    added_word: Style = Style(color="#b6dba0", bgcolor="#34503a")  # what changed within an added line
    removed_word: Style = Style(color="#f0a2a8", bgcolor="#5c3035")
    code: Style = Style(color="#d7c9a7")
    code_block: Style = Style(color="#c8d0e0")
    link: Style = Style(color="#88c0d0", underline=True)
    rule: Style = Style(color="#3b4252")
    selected: Style = Style(bgcolor="#2e3440")
    syntax: str = "one-dark"  # a pygments style
    paper: str = "#1b1f27"  # the background all this is read on
    # The 16 colours of command output (SGR 30-37, 90-97), readable on the paper.
    ansi: tuple[str, ...] = (
        *("#7b8496", "#e06c75", "#98c379", "#e5b567", "#61afef", "#c678dd", "#56b6c2", "#d8dee9"),
        *("#8b94a6", "#f07c85", "#a8d389", "#f5c577", "#71bfff", "#d688ed", "#66c6d2", "#ffffff"),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs in the gutter and their ASCII twins. Each is one or two cells wide, see `gutter`."""

    prompt: SafeText = own("❯")
    thought: SafeText = own("·")
    command: SafeText = own("$")
    patch: SafeText = own("±")
    plan: SafeText = own("≡")  # not U+2630: wide since Unicode 16
    tool: SafeText = own("⚙")
    web: SafeText = own("◎")
    agent: SafeText = own("◇")
    note: SafeText = own("·")
    warning: SafeText = own("!")
    error: SafeText = own("✗")
    ok: SafeText = own("✓")
    bad: SafeText = own("✗")
    running: SafeText = own("▶")
    folded: SafeText = own("▸")
    unfolded: SafeText = own("▾")
    dot: SafeText = own("●")
    minus: SafeText = own("−")
    ellipsis: SafeText = own("…")
    bullet: SafeText = own("•")
    todo: SafeText = own("☐")
    bar: SafeText = own("▎")
    rule: SafeText = own("─")
    column: SafeText = own("│")
    cross: SafeText = own("┼")
    clock: SafeText = own("took ")
    image: SafeText = own("▣")
    unknown: SafeText = own("?")
    arrow: SafeText = own("→")
    between: SafeText = own("⋮")
    newline: SafeText = own("↵")
    separator: SafeText = own("·")
    dash: SafeText = own("—")
    tab: SafeText = own("→")  # tabs and blanks in diffs, where they are what changed
    blank: SafeText = own("·")
    chosen: SafeText = own("▌")  # the bar beside the selected item
    turning: tuple[SafeText, ...] = tuple(SafeText(char) for char in "◐◓◑◒")  # the pictures of what runs


ASCII_MARKS = Marks(
    prompt=own(">"),
    thought=own("."),
    command=own("$"),
    patch=own("+"),
    plan=own("="),
    tool=own("%"),
    web=own("@"),
    agent=own("&"),
    note=own("."),
    warning=own("!"),
    error=own("x"),
    ok=own("ok"),
    bad=own("x"),
    running=own(">"),
    folded=own(">"),
    unfolded=own("v"),
    dot=own("*"),
    minus=own("-"),
    ellipsis=own("..."),
    bullet=own("*"),
    todo=own("[ ]"),
    bar=own("|"),
    rule=own("-"),
    column=own("|"),
    cross=own("+"),
    clock=own("took "),
    image=own("#"),
    unknown=own("?"),
    arrow=own("->"),
    between=own(":"),
    newline=own("\\n"),
    separator=own(","),
    dash=own("-"),
    tab=own(">"),
    blank=own("."),
    chosen=own("|"),
    turning=tuple(SafeText(char) for char in "|/-\\"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a painter may depend on besides its record. Two equal Looks paint equal lines."""

    width: int = 80  # cells a painted line may take
    palette: Palette = field(default_factory=Palette)
    marks: Marks = field(default_factory=Marks)
    fold: Fold = "normal"
    utc_offset_min: int = 0  # for times of day; injected, tests freeze it
    root: str = ""  # the thread's directory: paths below it are shown relative to it
    at_ms: int | None = None  # when what is painted began, where that is to be said (ms since the epoch)

    @property
    def gutter(self) -> int:
        """Cells before the text: the mark's column and its margins (one side each where it is narrow)."""
        return 4 if self.width >= NARROW else 2
