"""Choose a prompt, see what going back to before it means, and go back.

Three pages over each other: the prompts, the plan, a file's diff. Nothing is written before the
plan was on screen and a second key has said yes. Files first, then the conversation: if the files
cannot go back, the conversation stays.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from codex_tui.actions import bindings
from codex_tui.paint.diff import file_title, paint_lines
from codex_tui.paint.lines import indented, shorten_row, text_width
from codex_tui.paint.look import Look
from codex_tui.panes.status.widgets import MadeLine
from codex_tui.paths import state_dir
from codex_tui.screens.rewind import facts
from codex_tui.screens.rewind.deed import Deed, Rewound, Stopped, go_back, put_back
from codex_tui.screens.rewind.rows import Choices, Sheet, Words
from codex_tui.text import SafeText, join, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.strip import Strip

    from codex_tui.app import CodexApp
    from codex_tui.panes.status.parts import Part
    from codex_tui.revert import Reverted
    from codex_tui.rewind import Fate, Point, Unknown
    from codex_tui.rewinding import Look as FilesAhead
    from codex_tui.screens.rewind.facts import What
    from codex_tui.session.transcript import Thread

Page = Literal["prompts", "plan", "diff", "report"]

BESIDE = 36
"""Cells of what stands beside a prompt in the list; one that has no room there is shown below, too."""
LONGEST = 5_000
"""Lines of one file's diff that are laid out; of more, it is said how many are left out."""


class RewindScreen(Screen[Rewound | None]):
    """Dismisses with what went back, or with None."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - as the screen declares it
    BINDINGS: ClassVar = [*bindings("rewind")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(
        self,
        thread: Thread,
        *,
        turn_id: str | None = None,
        undo: Reverted | None = None,
        place: Path | None = None,
    ) -> None:
        """`turn_id` is chosen at first, by default the newest. `undo`: files that went back last.
        `place`: our state directory, for copies."""
        from codex_tui.diffs.sources import ThreadDiffs
        from codex_tui.rewind import points_of

        super().__init__()
        self._thread = thread
        self._diffs = ThreadDiffs()
        self._points = points_of(thread)
        self._first = next((at for at, one in enumerate(self._points) if one.turn_id == turn_id), 0)
        self._undo = undo
        self._place = place or state_dir()
        self._page: Page = "prompts"
        self._point: Point | None = None
        self._what: What = "both"
        self._ahead: FilesAhead | None = None
        self._order: list[int] = []  # of the fates: conflicts first
        self._unknown: Unknown | None = None
        self._forced: set[str] = set()
        self._asks: Literal["", "go", "undo"] = ""
        self._busy = own("")
        self._is_going = False
        self._report: Sequence[SafeText] = ()

    def compose(self) -> ComposeResult:
        yield MadeLine(self._title_parts, id="title")
        yield MadeLine(self._what_parts, id="what")
        yield Choices(self.app.marks)
        yield Sheet(Look(marks=self.app.marks))
        yield Words()
        yield MadeLine(self._keys_parts, id="keys")

    def on_mount(self) -> None:
        self._turn_to("prompts")

    # -- pages -----------------------------------------------------------------------------

    def _turn_to(self, page: Page) -> None:
        self._page = page
        self.query_one(Choices).display = page in ("prompts", "plan")
        self.query_one(Sheet).display = page == "diff"
        self.query_one("#what").display = page == "plan"
        self._show()

    def _show(self) -> None:
        """Show the page as things stand now."""
        rows = self.query_one(Choices)
        if self._page == "prompts":
            at = self._points.index(self._point) if self._point is not None else self._first
            rows.show(len(self._points), self._point_parts, at)
        elif self._page == "plan":
            rows.show(len(self._order) if self._what != "talk" else 0, self._fate_parts, rows.at)
        self.query_one(Words).show(self._notes())
        self._tell()

    def _tell(self) -> None:
        for row in self.query(MadeLine):
            row.update()

    def _notes(self) -> list[tuple[SafeText, bool]]:
        if self._page == "report":
            return [(text, not at) for at, text in enumerate(self._report)]
        if self._page == "plan":
            if self._ahead is None:
                return []
            found: list[tuple[SafeText, bool]] = []
            if self._what != "talk" and not self._order:
                found.append((own("The agent's patches changed no file since."), False))
            copies = facts.place_of(self._place / "reverts") if self._written else None
            return found + facts.notes(self._unknown, self._what, copies) if self._unknown is not None else []
        if self._page != "prompts":
            return []
        said: list[tuple[SafeText, bool]] = []
        if self._points:
            text = self._points[self.query_one(Choices).at].text
            if "\n" in text.strip() or len(text) > self.size.width - BESIDE:
                said.append((facts.whole_prompt(text), False))
        if self._undo is not None:
            copies = facts.place_of(self._undo.copies)
            said.append((join(own("U puts back the files that went back last. They are in "), copies), False))
        return said

    # -- the plan --------------------------------------------------------------------------

    def _plan(self, point: Point) -> None:
        self._point, self._ahead, self._forced = point, None, set()
        self.query_one(Choices).at = 0
        self._busy = own("looking at the files …")
        self._turn_to("plan")
        self.run_worker(partial(self._look_ahead, point), group="look", exclusive=True)

    async def _look_ahead(self, point: Point) -> None:
        ahead, unknown = await asyncio.to_thread(self._looked, point)
        if self._point is not point:
            return
        self._ahead, self._unknown, self._busy = ahead, unknown, own("")
        self._order = sorted(range(len(ahead.fates)), key=lambda at: ahead.fates[at].conflict is None)
        if not self._order and self._what == "both":
            self._what = "talk"
        self._show()

    def _looked(self, point: Point) -> tuple[FilesAhead, Unknown]:
        """In a thread: what the files hold, and what they would."""
        from codex_tui.rewind import undone_files, unknown_of, written_over
        from codex_tui.rewinding import look_ahead

        files = undone_files(self._thread, point.turn_id, self._diffs)
        over = written_over(self._thread, point.turn_id, self._diffs)
        root = Path(self._thread.settings.cwd or "/")
        ahead = look_ahead(files, root, self._diffs.paths(self._thread), over)
        return ahead, unknown_of(self._thread, point.turn_id)

    @property
    def _written(self) -> list[Fate]:
        """What would be written as things are chosen now."""
        if self._ahead is None or self._what == "talk":
            return []
        return [
            fate
            for fate in self._ahead.fates
            if fate.changed and (fate.conflict is None or fate.path in self._forced)
        ]

    @property
    def _fate(self) -> tuple[Fate, int] | None:
        """The chosen file, and where it is in the plan."""
        rows = self.query_one(Choices)
        if self._ahead is None or self._page == "prompts" or not self._order or self._what == "talk":
            return None
        at = self._order[min(rows.at, len(self._order) - 1)]
        return self._ahead.fates[at], at

    # -- keys ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A question takes no keys but its own, and what is being done is not interrupted."""
        return not self._asks and (not self._busy or action in ("back", "move", "page"))

    def on_key(self, event: events.Key) -> None:
        """While it is asked whether to: y does it, any other key does not."""
        if not self._asks:
            return
        event.stop()
        event.prevent_default()
        asks, self._asks = self._asks, ""
        if event.key == "y":
            self._busy, self._is_going = own("going back …"), True
            self.run_worker(self._go if asks == "go" else self._put_back, group="go", exclusive=True)
        self._tell()

    def action_back(self) -> None:
        if self._page == "diff":
            self._turn_to("plan")
        elif self._page == "plan" and not self._is_going:
            self._busy = own("")
            self._turn_to("prompts")
        else:
            self.dismiss(None)

    def dismiss(self, result: Rewound | None = None) -> AwaitComplete:
        """Not while it goes back: half of it would be done, and nobody would tell which."""
        if self._is_going:
            self.app.bell()
            return AwaitComplete.nothing()
        return super().dismiss(result)

    def action_move(self, rows: int) -> None:
        self._scrolled.move(rows)
        self._chosen_another()

    def action_page(self, pages: int) -> None:
        self._scrolled.move(pages * self._scrolled.page)
        self._chosen_another()

    @on(Choices.Moved)
    def _chosen_another(self) -> None:
        if self._page == "prompts":
            self.query_one(Words).show(self._notes())
        self._tell()

    @property
    def _scrolled(self) -> Choices | Sheet:
        return self.query_one(Sheet) if self._page == "diff" else self.query_one(Choices)

    @on(Choices.Taken)
    def action_take(self) -> None:
        """Enter: what going back to this prompt means; the diff of this file."""
        if self._page == "prompts" and self._points:
            self._plan(self._points[self.query_one(Choices).at])
        elif self._page == "plan" and (found := self._fate) is not None:
            at = found[1]
            self._turn_to("diff")
            self.query_one(Sheet).show(partial(self._paint_diff, at))

    def action_turn(self, step: int) -> None:
        """Another choice of what goes back."""
        if self._page == "plan":
            at = next(at for at, (name, _) in enumerate(facts.WHATS) if name == self._what)
            self._what = facts.WHATS[(at + step) % len(facts.WHATS)][0]
            self._show()

    def action_force(self) -> None:
        """Take back what fits of a file with a conflict, or leave it alone again."""
        found = self._fate
        if self._page == "plan" and found is not None and found[0].can_force:
            self._forced ^= {found[0].path}
            self._show()

    def action_go(self) -> None:
        if self._page != "plan" or self._point is None:
            return
        if self._what == "files" and not self._written:
            self.app.bell()
            return
        self._asks = "go"
        self._tell()

    def action_undo(self) -> None:
        if self._undo is not None and self._page in ("prompts", "report"):
            self._asks = "undo"
            self._tell()

    # -- doing it --------------------------------------------------------------------------

    async def _go(self) -> None:
        point, ahead, intents = self._point, self._ahead, self.app.intents
        if point is not None and ahead is not None and intents is not None:
            deed = Deed(self._thread, point, self._what, ahead, self._written, self._place)
            self._end(await go_back(deed, self.app.state, intents))

    async def _put_back(self) -> None:
        if (done := self._undo) is not None:
            self._undo = None
            self._end(await put_back(done, self._thread.settings.cwd))

    def _end(self, found: Rewound | Stopped) -> None:
        """Close with what went back, or tell what did not."""
        self._is_going = False
        if isinstance(found, Rewound):
            self.dismiss(found)
            return
        self._undo = found.files or self._undo
        self._busy, self._report = own(""), found.says
        self._turn_to("report")

    @property
    def undo(self) -> Reverted | None:
        """The files part that can be undone now."""
        return self._undo

    # -- lines -----------------------------------------------------------------------------

    def _point_parts(self, row: int, width: int) -> list[Part]:
        return facts.point_parts(self._points[row], self.app.now(), width)

    def _fate_parts(self, row: int, width: int) -> list[Part]:
        ahead = self._ahead
        if ahead is None:
            return []
        at = self._order[row]
        fate = ahead.fates[at]
        root = self._thread.settings.cwd
        return facts.fate_parts(
            fate, ahead.changes[at], fate.path in self._forced, root, self.app.marks, width
        )

    def _paint_diff(self, at: int, look: Look) -> list[Strip]:
        changes = self._ahead.changes[at] if self._ahead is not None else ()
        root = self._thread.settings.cwd
        strips: list[Strip] = []
        for change in changes:
            title = shorten_row(look, file_title(change, look, root), text_width(look))
            strips += [*indented(look, [title]), *paint_lines(change, look, LONGEST)]
        return strips

    def _title_parts(self, width: int) -> list[Part]:
        if self._page == "prompts":
            return facts.list_head(len(self._points), width)
        if self._point is None:
            return []
        return facts.plan_head(self._point, self.app.now(), width)

    def _what_parts(self, width: int) -> list[Part]:
        return facts.choice_parts(self._what, self.app.marks, width)

    def _keys_parts(self, width: int) -> list[Part]:
        if self._asks == "go" and self._point is not None:
            says = join(own("Go back: "), facts.summary(self._written, self._what, self._point), own("?"))
            return facts.asked(says, own("go back"), width)
        if self._asks == "undo" and self._undo is not None:
            return facts.asked(facts.put_back_asked(len(self._undo.paths)), own("put back"), width)
        if self._busy:
            return [(self._busy, "dim")]
        page = self._page if self._points or self._page != "prompts" else "report"
        return facts.keys_row(facts.keys_of(page, self._undo is not None, self._can_force), width)

    @property
    def _can_force(self) -> bool:
        found = self._fate
        return found is not None and found[0].can_force
