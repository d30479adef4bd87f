"""The sheet of `item/fileChange/requestApproval`: every file of a patch with its whole diff.

The request itself says nothing of the change: it is joined with its item, and without that
item there is nothing that could be approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import patch_choices
from codex_tui.dialogs.exec import asked_by, said
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.lines import EMPTY
from codex_tui.paint.question import Fact, FileLine, Painted, Role, Stacked, paint_diff_plain, paint_files
from codex_tui.protocol.items import FileChange, FileUpdate
from codex_tui.text import SafeText, join, number, own

if TYPE_CHECKING:
    from textual.strip import Strip

    from codex_tui.dialogs.setting import Setting
    from codex_tui.paint.look import Look
    from codex_tui.paint.question import Rows
    from codex_tui.protocol.approvals import FileChangeApproval
    from codex_tui.session.transcript import Item


def patch_sheet(request: FileChangeApproval, item: Item | None, setting: Setting) -> Sheet:
    """The sheet of a patch. Its `basis` are the changes as they stood when it was made."""
    changes = changes_of(item)
    facts = [*asked_by(setting), *said(request.reason)]
    if request.grant_root:
        facts.append(
            Fact(
                own("Asks for more"),
                (join(own("write access below "), setting.short(request.grant_root)),),
                "warn",
            )
        )
    if not changes:
        facts.append(
            Fact(
                own("Careful"),
                (own("the engine has not said what would change, so it can only be declined"),),
                "warn",
            )
        )
        return Sheet(
            title=own("Change files?"),
            facts=tuple(facts),
            body=lambda look: Painted([]),
            measure=own(""),
            choices=patch_choices(request, changes_known=False),
            basis=changes,
        )
    files = [_file_line(change, setting) for change in changes]
    return Sheet(
        title=own("Change this file?") if len(changes) == 1 else own("Change these files?"),
        facts=tuple(facts),
        body=lambda look: _body(changes, files, setting, look),
        measure=_measure(files),
        choices=patch_choices(request, changes_known=True),
        basis=changes,
    )


def changes_of(item: Item | None) -> tuple[FileUpdate, ...]:
    """The changes of a patch's item; empty when it is missing or something else."""
    return item.body.changes if item is not None and isinstance(item.body, FileChange) else ()


def _body(changes: tuple[FileUpdate, ...], files: list[FileLine], setting: Setting, look: Look) -> Rows:
    listing: list[Strip] = [*paint_files(files, look), EMPTY] if len(files) > 1 or files[0].marks else []
    return Stacked([Painted(listing), Painted(_paint(changes, setting, look))])


def _paint(changes: tuple[FileUpdate, ...], setting: Setting, look: Look) -> list[Strip]:
    strips: list[Strip] = []
    for index, change in enumerate(changes):
        if index:
            strips.append(EMPTY)
        strips += paint_diff_plain(setting.short(change.path), change.kind.type, change.diff, look)
    return strips


def _file_line(change: FileUpdate, setting: Setting) -> FileLine:
    added, removed = _count(change)
    place = setting.look_up(change.path)
    marks: list[tuple[SafeText, Role]] = []
    kind = change.kind.type
    if kind == "add":
        marks.append((own("new"), "dim"))
    elif kind == "delete":
        marks.append((own("deleted"), "dim"))
    elif kind != "update":
        marks.append((own("of an unknown kind"), "warn"))
    if change.kind.move_path:
        target = change.kind.move_path
        marks.append((join(own("moved to "), setting.short(target)), "dim"))
        if setting.is_outside(setting.look_up(target).real):
            marks.append((own("moved outside the workspace"), "warn"))
    if setting.is_outside(place.real):
        marks.append((own("outside the workspace"), "warn"))
    if place.is_link:
        marks.append((join(own("a link to "), setting.short(place.real)), "warn"))
    elif place.real != change.path:
        marks.append((join(own("really "), setting.short(place.real)), "warn"))
    if place.is_executable:
        marks.append((own("executable"), "warn"))
    return FileLine(setting.short(change.path), added, removed, tuple(marks))


def _count(change: FileUpdate) -> tuple[int, int]:
    """Lines added and removed."""
    source = change.diff[:-1] if change.diff.endswith("\n") else change.diff
    rows = source.split("\n") if source else []
    if change.kind.type == "add":
        return len(rows), 0
    if change.kind.type == "delete":
        return 0, len(rows)
    return (
        sum(1 for row in rows if row.startswith("+")),
        sum(1 for row in rows if row.startswith("-")),
    )


def _measure(files: list[FileLine]) -> SafeText:
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    return join(
        number(len(files)),
        own(" file · +") if len(files) == 1 else own(" files · +"),
        number(added),
        own(" −"),
        number(removed),
    )
