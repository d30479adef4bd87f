"""Choose a prompt, see what going back to before it means, and go back.

Three pages over each other: the prompts, a plan, a file's diff. Nothing is written before the plan
was on screen and a second key has said yes. Files first, then the conversation: if the files cannot
go back, the conversation stays. A rewind that was cut off, and the files of those before, are plans, too.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from codex_tui.actions import bindings
from codex_tui.paint.look import Look
from codex_tui.panes.status.widgets import MadeLine
from codex_tui.paths import state_dir
from codex_tui.screens.rewind import facts
from codex_tui.screens.rewind.deed import By, Rewound
from codex_tui.screens.rewind.plans import Back, CutOff, Plan, PutBack
from codex_tui.screens.rewind.rows import Choices, Sheet, Words
from codex_tui.screens.rewind.saved import Saved, look_up
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult

    from codex_tui.app import CodexApp
    from codex_tui.panes.status.parts import Part
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Thread

Page = Literal["prompts", "plan", "diff", "report"]

BESIDE = 36
"""Cells of what stands beside a prompt in the list; one that has no room there is shown below, too."""


class RewindScreen(Screen[Rewound | None]):
    """Dismisses with what was done, or with None."""

    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - as the screen declares it
    BINDINGS: ClassVar = [*bindings("rewind")]
    app: CodexApp  # pyright: ignore[reportIncompatibleMethodOverride]

    def __init__(
        self,
        thread: Thread,
        *,
        turn_id: str | None = None,
        undo: bool = False,
        place: Path | None = None,
    ) -> None:
        """`turn_id` is chosen at first, by default the newest. `undo`: show at first what can be put back.
        `place`: our state directory."""
        from codex_tui.diffs.sources import ThreadDiffs
        from codex_tui.rewind import points_of

        super().__init__()
        self._thread: Thread = thread
        self._diffs = ThreadDiffs()
        self._points = points_of(thread)
        self._at = next((at for at, one in enumerate(self._points) if one.turn_id == turn_id), 0)
        self._undo_first = undo
        self._place = place or state_dir()
        self._saved = Saved()
        self._whole = asyncio.Event()  # all turns are known, or will not be
        self._above_first = thread.above  # before older turns were asked for, or asked for again
        self._is_coming = False  # what was asked for
        self._page: Page = "prompts"
        self._plan: Plan | None = None
        self._asks: facts.Asked | None = None
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

    def grow(self, thread: Thread, state: State) -> None:
        """Older turns may have come in above: their prompts stand below the others."""
        if thread.id != self._thread.id:
            return
        if thread.above is not self._thread.above:
            from codex_tui.rewind import points_of

            choices = self.query_one(Choices) if self.is_mounted and self._page == "prompts" else None
            at = choices.at if choices is not None else self._at
            chosen = self._points[at].turn_id if self._points else ""
            self._thread, self._points = thread, points_of(thread)
            self._at = next((at for at, one in enumerate(self._points) if one.turn_id == chosen), 0)
            if choices is not None:
                self._show()
        self._settle_older(state)

    def _settle_older(self, state: State | None) -> None:
        """Files are looked at once all turns are known, or will not be: earlier ones tell what a file was."""
        above = self._thread.above
        is_new = above is not self._above_first
        self._is_coming |= is_new and above is not None and above.phase == "coming"
        has_ended = above is None or (
            is_new and (above.phase == "failed" or (self._is_coming and above.phase == "there"))
        )
        if has_ended or state is None or state.engine.phase != "ready":
            self._whole.set()
            self._tell()

    def on_mount(self) -> None:
        self._turn_to("prompts")
        self.run_worker(self._look_up, group="saved", exclusive=True)
        self._settle_older(self.app.state)

    def on_resize(self) -> None:
        """What stands below says more where rows have less room."""
        self.query_one(Words).show(self._notes())

    # -- rewinds of before -------------------------------------------------------------------

    async def _look_up(self) -> None:
        self._saved = await asyncio.to_thread(look_up, self._place, self._thread)
        if self._page == "prompts" and self._saved.cut:
            self._begin(CutOff(self._thread, self._place, self._saved.cut[0]))
        elif self._page == "prompts" and self._undo_first and self._saved.undoable:
            self._begin(PutBack(self._thread, self._place, self._saved.undoable))
        elif self._undo_first:
            self._report = [own("No rewind of this conversation or folder has files to put back.")]
            self._turn_to("report")
        else:
            self._show()

    @property
    def _can_undo(self) -> bool:
        return bool(self._saved.cut or self._saved.undoable)

    # -- pages -----------------------------------------------------------------------------

    def _turn_to(self, page: Page) -> None:
        self._page = page
        self.query_one(Choices).display = page in ("prompts", "plan")
        self.query_one(Sheet).display = page == "diff"
        self._show()

    def _show(self) -> None:
        """Show the page as things stand now."""
        rows, plan = self.query_one(Choices), self._plan
        if self._page == "prompts":
            rows.show(len(self._points), self._point_parts, self._at)
        elif self._page == "plan" and plan is not None:
            rows.show(plan.rows, self._fate_parts, rows.at)
        has_choice = plan is not None and bool(plan.choice_parts(self.app.marks, self.size.width))
        self.query_one("#what").display = self._page == "plan" and has_choice
        self.query_one(Words).show(self._notes())
        self._tell()

    def _tell(self) -> None:
        for row in self.query(MadeLine):
            row.update()

    def _notes(self) -> list[tuple[SafeText, bool]]:
        if self._page == "report":
            return [(text, not at) for at, text in enumerate(self._report)]
        if self._page == "plan":
            if (plan := self._plan) is None or plan.ahead is None:
                return []
            return [*plan.fate_note(self._row, self.size.width), *plan.notes()]
        if self._page != "prompts":
            return []
        said: list[tuple[SafeText, bool]] = []
        if self._points:
            text = self._points[self.query_one(Choices).at].text
            if "\n" in text.strip() or len(text) > self.size.width - BESIDE:
                said.append((facts.whole_prompt(text), False))
        if self._saved.cut:
            said.append((own("A rewind was cut off: U shows it."), True))
        elif self._saved.undoable:
            record = self._saved.undoable[0].record
            said.append((facts.undo_hint(record, self.app.now(), self.size.width), False))
        return said

    # -- the plan --------------------------------------------------------------------------

    def _begin(self, plan: Plan) -> None:
        if self._page == "prompts":
            self._at = self.query_one(Choices).at
        self._plan = plan
        self.query_one(Choices).at = 0
        self._look_at_files()
        self._turn_to("plan")

    def _look_at_files(self) -> None:
        if (plan := self._plan) is not None:
            plan.ahead = None
            self._busy = own("looking at the files …")
            self.run_worker(partial(self._look, plan), group="look", exclusive=True)

    async def _look(self, plan: Plan) -> None:
        await self._whole.wait()
        plan.thread = self._thread
        await asyncio.to_thread(plan.look)
        if self._plan is plan and self._page == "plan":
            self._busy = own("")
            self._show()

    @property
    def _row(self) -> int:
        return self.query_one(Choices).at

    # -- keys ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A question takes no keys but its own, and what is being done is not interrupted."""
        return self._asks is None and (not self._busy or action in ("back", "move", "page"))

    def on_key(self, event: events.Key) -> None:
        """While it is asked whether to: y does it, any other key does not."""
        if self._asks is None:
            return
        event.stop()
        event.prevent_default()
        self._asks = None
        if event.key == "y":
            self._busy, self._is_going = own("at it …"), True
            self.run_worker(self._go, group="go", exclusive=True)
        self._tell()

    def action_back(self) -> None:
        if self._page == "diff":
            self._turn_to("plan")
        elif self._page == "plan" and not self._is_going and (self._points or self._can_undo):
            self._busy, self._plan = own(""), None
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
            self._at = self._row
        if self._page in ("prompts", "plan"):
            self.query_one(Words).show(self._notes())
        self._tell()

    @property
    def _scrolled(self) -> Choices | Sheet:
        return self.query_one(Sheet) if self._page == "diff" else self.query_one(Choices)

    @on(Choices.Taken)
    def action_take(self) -> None:
        """Enter: what going back to this prompt means; the diff of this file."""
        plan = self._plan
        if self._page == "prompts" and self._points:
            self._begin(Back(self._thread, self._place, self._points[self._row], self._diffs))
        elif self._page == "plan" and plan is not None and plan.fate(self._row) is not None:
            row = self._row
            self._turn_to("diff")
            self.query_one(Sheet).show(partial(plan.paint_diff, row))

    def action_turn(self, step: int) -> None:
        """Another choice of what goes back."""
        if self._page == "plan" and self._plan is not None:
            if self._plan.turn(step):
                self._look_at_files()
            self._show()

    def action_force(self) -> None:
        """Write a file in spite of its conflict, or leave it alone again."""
        if self._page == "plan" and self._plan is not None and self._plan.force(self._row):
            self._show()

    def action_go(self) -> None:
        if self._page == "plan" and self._plan is not None:
            self._asks = self._plan.question()
            if self._asks is None:
                self.app.bell()
            self._tell()

    def action_undo(self) -> None:
        """What went back last, to be put back."""
        if self._page in ("prompts", "report") and self._saved.cut:
            self._begin(CutOff(self._thread, self._place, self._saved.cut[0]))
        elif self._page in ("prompts", "report") and self._saved.undoable:
            self._begin(PutBack(self._thread, self._place, self._saved.undoable))

    # -- doing it --------------------------------------------------------------------------

    async def _go(self) -> None:
        plan, intents = self._plan, self.app.intents
        if plan is None or plan.ahead is None or intents is None:
            self._is_going, self._busy = False, own("")
            return
        found = await plan.do(plan.ahead, self.app.now(), By(self.app.state, intents))
        self._is_going = False
        if isinstance(found, Rewound):
            self.dismiss(found)
            return
        self._saved = await asyncio.to_thread(look_up, self._place, self._thread)
        self._busy, self._report = own(""), found.says
        self._turn_to("report")

    # -- lines -----------------------------------------------------------------------------

    def _point_parts(self, row: int, width: int) -> list[Part]:
        return facts.point_parts(self._points[row], self.app.now(), width)

    def _fate_parts(self, row: int, width: int) -> list[Part]:
        return self._plan.fate_parts(row, self.app.marks, width) if self._plan is not None else []

    def _title_parts(self, width: int) -> list[Part]:
        if self._plan is None:
            lacks = self._thread.above is not None
            return facts.list_head(len(self._points), width, lacks, self._whole.is_set())
        return self._plan.head_parts(self.app.now(), width)

    def _what_parts(self, width: int) -> list[Part]:
        return self._plan.choice_parts(self.app.marks, width) if self._plan is not None else []

    def _keys_parts(self, width: int) -> list[Part]:
        if self._asks is not None:
            return facts.asked(self._asks, width)
        if self._busy:
            return [(self._busy, "dim")]
        if self._page == "plan" and self._plan is not None:
            return facts.keys_row(self._plan.keys(self._row), width)
        page = self._page if self._points or self._page != "prompts" else "report"
        return facts.keys_row(facts.keys_of(page, self._can_undo), width)
