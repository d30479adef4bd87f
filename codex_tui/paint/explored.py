"""Looking around, in one line: consecutive commands that only read, list or search.

The chat puts such a line in the place of its commands; unfolded they stand below it. What failed
or was declined is no part of it and keeps a line of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal, cast

from textual.strip import Strip

from codex_tui.paint.command import only_looks
from codex_tui.paint.facts import outcome, path_in, taken
from codex_tui.paint.lines import Part, headline, headline_room, part_width
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.shell import bare_command
from codex_tui.protocol.items import CommandAction, CommandExecution, Reasoning
from codex_tui.session.transcript import Body, Item
from codex_tui.text import SafeText, cell_width, copyable, line, number, own, shorten

Role = Literal["done", "running", "apart", "silent"]
"""What an item is to a line of exploring: one of its commands, done or not; one that failed or
has a note and shows itself; a thought without words, which does not end it."""

LONGEST_LABEL = 40
"""Cells a file name or a search keeps in the line."""

_revisions = count()


@dataclass(frozen=True, slots=True)
class Explored:
    """The commands behind one line, in order."""

    members: tuple[Item, ...]
    type: str = "explored"


def role_of(item: Item) -> Role | None:
    """What `item` is to a line of exploring; None when it ends one."""
    body = item.body
    if isinstance(body, Reasoning):
        return None if item.phase == "running" or any(body.summary) or any(body.content) else "silent"
    if not isinstance(body, CommandExecution) or body.source == "userShell":
        return None
    if not only_looks(body):
        return None
    if item.note:
        return "apart"
    if body.status == "inProgress" and item.phase == "running":
        return "running"
    return "done" if body.status == "completed" and not body.exit_code else "apart"


def explored(members: Sequence[Item]) -> Item:
    """The item that stands for `members`, of which there is at least one."""
    first, last = members[0], members[-1]
    running = any(member.phase == "running" for member in members)
    return Item(
        f"explored:{first.id}",
        first.turn_id,
        cast("Body", Explored(tuple(members))),
        "running" if running else "done",
        next(_revisions),
        first.started_ms,
        None if running else last.completed_ms,
    )


def paint_explored(item: Item, body: Explored, look: Look, fold: Fold) -> list[Strip]:
    """One line, whatever the fold level: unfolding shows the commands as items of their own."""
    marks, palette = look.marks, look.palette
    running = item.phase == "running"
    facts = [outcome(marks.running, own("running"), palette.dim)] if running else taken(look, item)
    verb = own("exploring ") if running else own("explored ")
    lead: Part = (SafeText(f"{verb}{number(len(body.members))}: "), palette.dim)
    room = headline_room(look, facts) - cell_width(lead[0])
    labels = _labels(body, look, room)
    if part_width(labels) > room:
        # What was looked at matters more than when, and for how long.
        facts, look = [], replace(look, at_ms=None)
        labels = _labels(body, look, headline_room(look, ()) - cell_width(lead[0]))
    mark = marks.unfolded if fold == "full" else marks.folded
    return [headline(look, mark, palette.dim, [lead, *labels], facts)]


def _labels(body: Explored, look: Look, room: int) -> list[Part]:
    """What was read, listed and searched for, by kind, as much as fits; how many more there are."""
    palette = look.palette
    by_kind: dict[str, dict[SafeText, None]] = {}
    for member in body.members:
        command = cast("CommandExecution", member.body)
        for action in command.command_actions:
            by_kind.setdefault(action.type, {})[_label(action, look)] = None
    parts: list[Part] = []
    left = sum(map(len, by_kind.values()))
    for kind, labels in by_kind.items():
        for at, label in enumerate(labels):
            said = _VERBS.get(kind, own("looked at"))
            between = own(", ") if at else SafeText(f" {look.marks.separator} " if parts else "")
            new: list[Part] = [(between, palette.dim)] if between else []
            new += [] if at else [(SafeText(f"{said} "), palette.dim)]
            new.append((label, palette.text))
            more = SafeText(f" {look.marks.ellipsis} +{number(left)}")
            tail = SafeText(f" {look.marks.ellipsis} +{number(left - 1)}") if left > 1 else own("")
            if parts and part_width([*parts, *new]) + cell_width(tail) > room:
                return [*parts, (more, palette.dim)]
            parts += new
            left -= 1
    return parts


_VERBS = {"read": own("read"), "listFiles": own("listed"), "search": own("searched")}


def _label(action: CommandAction, look: Look) -> SafeText:
    if action.type == "search":
        query = SafeText(f'"{line(action.query)}"') if action.query else line(action.command)
        where = SafeText(f" in {path_in(look.root, action.path)}") if action.path else own("")
        text = SafeText(f"{query}{where}")
    elif action.type == "listFiles":
        text = path_in(look.root, action.path) if action.path else own("files")
    else:
        text = line(action.name or (action.path or action.command).rpartition("/")[2])
    return shorten(text, LONGEST_LABEL, look.marks.ellipsis)


def explored_text(item: Item, body: Explored) -> str:
    """Its commands, one a line."""
    commands = [cast("CommandExecution", member.body).command for member in body.members]
    return copyable("\n".join(f"$ {bare_command(command)}" for command in commands))
