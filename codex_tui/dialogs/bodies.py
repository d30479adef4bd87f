"""From a question to its sheet: one module a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs import permissions, questions
from codex_tui.dialogs.care import cautioned
from codex_tui.dialogs.denial import denial_basis, denial_sheet
from codex_tui.dialogs.elicitation import elicitation_step
from codex_tui.dialogs.exec import exec_sheet
from codex_tui.dialogs.frame import Moment, make_frame
from codex_tui.dialogs.legacy import legacy_command_sheet, legacy_patch_sheet
from codex_tui.dialogs.patch import changes_of, is_large, patch_sheet, reading_sheet
from codex_tui.dialogs.raw import raw_sheet
from codex_tui.dialogs.step import Page, Step
from codex_tui.protocol.approvals import (
    CommandApproval,
    FileChangeApproval,
    LegacyCommandApproval,
    LegacyPatchApproval,
    PermissionsApproval,
)
from codex_tui.protocol.deltas import AutoReviewCompleted
from codex_tui.protocol.elicitation import ElicitationRequest
from codex_tui.protocol.items import AgentMessage
from codex_tui.protocol.questions import UserInputRequest

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.dialogs.sheet import Sheet
    from codex_tui.paint.look import Look
    from codex_tui.session.inbox import Question
    from codex_tui.session.transcript import Item


def sheet_of(question: Question, item: Item | None, setting: Setting) -> Sheet:
    """What to show of `question`; `item` is the one it is about, if it is there."""
    sheet: Sheet | None = None
    if isinstance(question.params, CommandApproval):
        sheet = exec_sheet(question.params, setting)
    elif isinstance(question.params, FileChangeApproval):
        sheet = patch_sheet(question.params, item, setting)
    elif isinstance(question.params, LegacyCommandApproval):
        sheet = legacy_command_sheet(question.params, setting)
    elif isinstance(question.params, LegacyPatchApproval):
        sheet = legacy_patch_sheet(question.params, setting)
    elif isinstance(question.params, AutoReviewCompleted):
        sheet = denial_sheet(question.params, item, setting)
    return sheet or raw_sheet(question, setting)


def first_step(question: Question, item: Item | None, setting: Setting) -> Step:
    """The first page of `question`'s dialog."""
    step: Step | None = None
    if isinstance(question.params, PermissionsApproval):
        step = permissions.first_page(question.params, setting)
    elif isinstance(question.params, UserInputRequest):
        step = questions.first_page(question.params, setting)
    elif isinstance(question.params, AgentMessage):
        step = questions.aside_page(question.params, setting)
    elif isinstance(question.params, ElicitationRequest):
        step = elicitation_step(question.params, question.raw, setting)
    return step or Page(sheet_of(question, item, setting))


def page_meanwhile(question: Question, item: Item | None, setting: Setting) -> Page | None:
    """What stands there while the first page is made in a thread (`made_ready`); None if that is quick."""
    if isinstance(question.params, FileChangeApproval) and is_large(item):
        return Page(reading_sheet(question.params, item, setting))
    return None


def made_ready(
    question: Question, item: Item | None, setting: Setting, look: Look, columns: int, rows: int
) -> Step:
    """The first page of a dialog whose first screen is painted already. Any thread may make it."""
    step = first_step(question, item, setting)
    frame = make_frame(cautioned(step.sheet), look, columns, rows)
    frame.paint(Moment())
    for row in range(min(frame.window, len(frame.body))):
        frame.body.paint(row)
    return step


def basis_of(question: Question, item: Item | None) -> object:
    """What `sheet_of` would take as its basis now: unequal to a shown sheet's means that it is stale."""
    if isinstance(question.params, AutoReviewCompleted):
        return denial_basis(question.params, item)
    return changes_of(item) if isinstance(question.params, FileChangeApproval) else None
