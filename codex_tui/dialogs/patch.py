"""The sheet of `item/fileChange/requestApproval`: every file of a patch with its whole diff.

The request itself says nothing of the change: it is joined with its item, and without that
item there is nothing that could be approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs.care import NO_CONTENT, is_sensitive, lookalikes, looked_at_twice
from codex_tui.dialogs.exec import asked_by, reviewed, said, titled
from codex_tui.dialogs.offers import patch_choices
from codex_tui.dialogs.sheet import Sheet
from codex_tui.diffs import read_change
from codex_tui.paint.changerows import ChangeRows, has_two_sides
from codex_tui.paint.lines import EMPTY
from codex_tui.paint.question import Fact, FileLine, Painted, Role, Stacked, oddities, paint_files
from codex_tui.protocol.items import FileChange, FileUpdate
from codex_tui.text import SafeText, join, number, own

if TYPE_CHECKING:
    from collections.abc import Callable

    from codex_tui.dialogs.setting import Setting
    from codex_tui.paint.look import Look
    from codex_tui.paint.question import Rows
    from codex_tui.protocol.approvals import FileChangeApproval
    from codex_tui.session.transcript import Item


LARGE = 200_000
"""Characters of a patch that is read and laid out at once (5,000 lines, about 30 ms); larger ones in a
thread."""


def patch_sheet(request: FileChangeApproval, item: Item | None, setting: Setting) -> Sheet:
    """The sheet of a patch. Its `basis` are the changes as they stood when it was made."""
    changes = changes_of(item)
    facts = [*asked_by(setting), *said(request.reason), *_root(setting), *reviewed(setting)]
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
            title=titled(own("Change files?"), setting),
            facts=tuple(facts),
            body=lambda look: Painted([]),
            measure=own(""),
            choices=patch_choices(request, (), setting),
            basis=changes,
        )
    facts += patch_facts(changes, setting)
    choices = patch_choices(request, _paths(changes), setting)
    if all(_is_empty(change) for change in changes):
        facts.append(Fact(own("Careful"), (NO_CONTENT,), "warn"))
        choices = looked_at_twice(choices, NO_CONTENT, "\n".join(_paths(changes)))
    files = [_file_line(change, setting) for change in changes]
    return Sheet(
        title=titled(own("Change this file?") if len(changes) == 1 else own("Change these files?"), setting),
        facts=tuple(facts),
        body=_Once(lambda look: _body(changes, files, look)),
        measure=_measure(files),
        choices=choices,
        basis=changes,
        wide=any(has_two_sides(read_change(change)) for change in changes),
    )


def is_large(item: Item | None) -> bool:
    """Whether making the sheet of this patch would be felt."""
    return sum(len(change.diff) for change in changes_of(item)) > LARGE


def reading_sheet(request: FileChangeApproval, item: Item | None, setting: Setting) -> Sheet:
    """What stands there while a large patch is read. Nothing of it was seen, so it can only be declined."""
    changes = changes_of(item)
    size = sum(len(change.diff) for change in changes)
    says = join(number(size), own(" characters of changes; they come up in a moment"))
    return Sheet(
        title=titled(own("Change files?"), setting),
        facts=(*asked_by(setting), *said(request.reason), Fact(own("Reading"), (says,), "dim")),
        body=lambda look: Painted([]),
        measure=own(""),
        choices=patch_choices(request, (), setting),
        basis=changes,
    )


class _Once:
    """The rows of a body, made once for the newest look: those of a large patch take long."""

    def __init__(self, make: Callable[[Look], Rows]) -> None:
        self._make = make
        self._made: tuple[Look, Rows] | None = None

    def __call__(self, look: Look) -> Rows:
        made = self._made
        if made is None or made[0] != look:
            made = self._made = (look, self._make(look))
        return made[1]


def patch_facts(changes: tuple[FileUpdate, ...], setting: Setting) -> list[Fact]:
    """What to look at in a patch: in what it writes, and in the names of its files."""
    odd = dict.fromkeys(odd for change in changes for odd in oddities(change.diff, is_code=True))
    return [*(Fact(own("Careful"), (warning,), "warn") for warning in odd), *_careful(changes, setting)]


def patch_body(changes: tuple[FileUpdate, ...], setting: Setting, look: Look) -> Rows:
    """Every file of a patch with its whole diff."""
    return _body(changes, [_file_line(change, setting) for change in changes], look)


def changes_of(item: Item | None) -> tuple[FileUpdate, ...]:
    """The changes of a patch's item; empty when it is missing or something else."""
    return item.body.changes if item is not None and isinstance(item.body, FileChange) else ()


def _paths(changes: tuple[FileUpdate, ...]) -> tuple[str, ...]:
    """Every path the changes touch, as the engine names it."""
    paths = [path for change in changes for path in (change.path, change.kind.move_path) if path]
    return tuple(dict.fromkeys(paths))


def _body(changes: tuple[FileUpdate, ...], files: list[FileLine], look: Look) -> Rows:
    parts: list[Rows] = [Painted([*paint_files(files, look), EMPTY])] if len(files) > 1 else []
    for index, (change, file) in enumerate(zip(changes, files, strict=True)):
        rows = ChangeRows(read_change(change), look)
        parts += [Painted([EMPTY] if index else []), Painted(paint_files([file], look)), rows]
    return Stacked(parts)


def _is_empty(change: FileUpdate) -> bool:
    return not change.diff and change.kind.type != "delete" and not change.kind.move_path


def _careful(changes: tuple[FileUpdate, ...], setting: Setting) -> list[Fact]:
    """What to look at in the names of the files."""
    found: dict[SafeText, None] = {}
    for path in _paths(changes):
        # A line break is hidden in a name.
        for odd in (*oddities(path.replace("\n", "\r")), *lookalikes(path)):
            found[join(own("in a file's name: "), odd)] = None
        if is_sensitive(setting.within(path)):
            found[join(own("may run or be trusted later: "), setting.inside(path))] = None
    return [Fact(own("Careful"), (text,), "warn") for text in found]


def _root(setting: Setting) -> list[Fact]:
    """The directory that the files' names are relative to."""
    return [Fact(own("Directory"), (setting.short(setting.workspace),), "code")] if setting.workspace else []


def _file_line(change: FileUpdate, setting: Setting) -> FileLine:
    diff = read_change(change)
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
        marks.append((join(own("moved to "), setting.inside(target)), "dim"))
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
    return FileLine(setting.inside(change.path), diff.added, diff.removed, tuple(marks))


def _measure(files: list[FileLine]) -> SafeText:
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    return join(
        number(len(files)),
        own(" file · +") if len(files) == 1 else own(" files · +"),
        number(added),
        own(" −"),
        number(removed),
    )
