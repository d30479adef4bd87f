"""The dialogs of `execCommandApproval` and `applyPatchApproval`, as older engines ask.

They look as their successors do; the answers have the old names. A patch comes with its changes in
the request itself, so nothing has to be joined and nothing can change under the person's eyes.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from codex_tui.dialogs.choices import NO_EFFECT, Choice, refusals
from codex_tui.dialogs.exec import asked_by, exec_sheet
from codex_tui.dialogs.patch import patch_sheet
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.step import Page
from codex_tui.diffs.parse import legacy_update
from codex_tui.paint.question import Fact
from codex_tui.protocol import approvals
from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval
from codex_tui.protocol.items import CommandAction, FileChange
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.protocol.approvals import LegacyCommandApproval, LegacyPatchApproval
    from codex_tui.protocol.base import JsonObject

_ACTIONS = {"read": "read", "list_files": "listFiles", "search": "search"}


def legacy_command_sheet(request: LegacyCommandApproval, setting: Setting) -> Sheet | None:
    """The sheet of a command; None when there is no command in it."""
    if not request.command:
        return None
    command = CommandApproval(
        thread_id=request.conversation_id,
        turn_id="",
        item_id=request.call_id,
        reason=request.reason,
        command=shlex.join(request.command),
        cwd=request.cwd,
        command_actions=tuple(_action(part) for part in request.parsed_cmd),
    )
    sheet = exec_sheet(command, setting)
    return None if sheet is None else _with_old_answers(sheet, own("this exact command"), setting)


def legacy_patch_sheet(request: LegacyPatchApproval, setting: Setting) -> Sheet | None:
    """The sheet of a patch; None when a change in it is of a shape that cannot be shown."""
    changes = [legacy_update(path, raw) for path, raw in sorted(request.file_changes.items())]
    known = tuple(change for change in changes if change is not None)
    if not known or len(known) != len(changes):
        return None
    body = FileChange(type="fileChange", id=request.call_id, changes=known)
    patch = FileChangeApproval(
        thread_id=request.conversation_id,
        turn_id="",
        item_id=request.call_id,
        reason=request.reason,
        grant_root=request.grant_root,
    )
    sheet = patch_sheet(patch, Item(request.call_id, "", body), setting)
    if request.grant_root:
        # The engine's own schema does not say whether a plain yes gives it; so a yes says that it may.
        words = own("a yes may also give write access below that directory, for the session")
        sheet = replace(sheet, facts=(*sheet.facts, Fact(own(""), (words,), "warn")))
    return replace(_with_old_answers(sheet, own("changes of these files"), setting), basis=None)


def _with_old_answers(sheet: Sheet, what: SafeText, setting: Setting) -> Sheet:
    return replace(sheet, choices=_choices(sheet, what, setting))


def _choices(sheet: Sheet, what: SafeText, setting: Setting) -> tuple[Choice, ...]:
    return (
        Choice(
            "y",
            own("Yes, this once"),
            own("once"),
            NO_EFFECT,
            approvals.legacy_accept(),
            "accept",
            grants=True,
        ),
        Choice(
            "s",
            own("Yes, for this session …"),
            own("session…"),
            NO_EFFECT,
            None,
            "",
            grants=True,
            leads=lambda: Page(_session_sheet(sheet, what, setting)),
        ),
        *refusals(
            own("the agent is told, and goes on"), approvals.legacy_decline(), approvals.legacy_cancel()
        ),
    )


def _session_sheet(sheet: Sheet, what: SafeText, setting: Setting) -> Sheet:
    """The second step of a yes that lasts."""
    return Sheet(
        title=own("Not ask again in this session?"),
        facts=(
            *asked_by(setting),
            Fact(own("Not asked again"), (what,), "warn"),
            Fact(own("Lasts"), (own("until the engine stops; no file is written"),), "warn"),
        ),
        body=sheet.body,
        measure=sheet.measure,
        choices=(
            Choice(
                "enter",
                own("Yes, and do not ask again"),
                own("yes"),
                NO_EFFECT,
                approvals.legacy_accept_for_session(),
                "acceptForSession",
                grants=True,
            ),
            Choice("escape", own("Back, nothing is given"), own("back"), NO_EFFECT, None, ""),
        ),
    )


def _action(raw: JsonObject) -> CommandAction:
    def word(name: str) -> str | None:
        value: Any = raw.get(name)
        return value if isinstance(value, str) else None

    return CommandAction(
        type=_ACTIONS.get(word("type") or "", "unknown"),
        command=word("cmd") or "",
        name=word("name"),
        path=word("path"),
        query=word("query"),
    )
