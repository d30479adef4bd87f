"""One frame of the commands pane, made of its rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from codex_tui.paint.lines import EMPTY, strip_of
from codex_tui.panes.commands import rows
from codex_tui.panes.commands.foot import Foot, foot_row
from codex_tui.text import SafeText, own

if TYPE_CHECKING:
    from codex_tui.paint.look import Look
    from codex_tui.panes.commands.log import Log
    from codex_tui.panes.commands.places import Places
    from codex_tui.panes.commands.reader import Reader
    from codex_tui.panes.commands.roster import Entry

LEAD = Strip([Segment("  ")])


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown. `listed` are the commands in sight, `entry` the chosen one with its `log`."""

    count: rows.Count
    listed: Sequence[Entry]
    entry: Entry | None
    log: Log | None
    reader: Reader | None
    command: Sequence[Strip]
    """The whole command above its output, where the rule has no room for it."""
    focused: bool
    turning: SafeText | None
    """The mark of what runs, where marks move."""
    now_ms: int
    foot: Foot


def frame(scene: Scene, places: Places, look: Look, height: int) -> list[Strip]:
    """The rows of the pane, `height` of them, of at most `look.width` cells."""
    made = [EMPTY] * height
    if places.title.height:
        made[0] = rows.title_row(scene.count, look)
    listed = _list_rows(scene, replace(look, width=places.list.width))[: places.list.height]
    output = _output_rows(scene, places, replace(look, width=places.head.width))
    if places.divider is None:
        made[places.list.y : places.list.y + len(listed)] = listed
        made[places.head.y : places.head.y + len(output)] = output
    else:
        column = strip_of([(look.marks.column, look.palette.rule)])
        for y in range(places.list.height):
            left = rows.placed(listed[y] if y < len(listed) else EMPTY, places.list)
            right = rows.placed(output[y] if y < len(output) else EMPTY, places.body)
            made[places.list.y + y] = Strip.join([left, column, right])
    if places.foot.height:
        made[places.foot.y] = foot_row(scene.foot, look)
    return made


def _list_rows(scene: Scene, look: Look) -> list[Strip]:
    if not scene.listed:
        nothing = own("nothing runs in the background")
        text = nothing if scene.count.only_background else own("no commands yet")
        return [rows.say_row(text, look, indent=4)]
    columns = rows.Columns.of(scene.listed, look, scene.now_ms)
    return [_list_row(entry, columns, scene, look) for entry in scene.listed]


def _list_row(entry: Entry, columns: rows.Columns, scene: Scene, look: Look) -> Strip:
    chosen = scene.entry is not None and entry.key == scene.entry.key
    mark = scene.turning if entry.standing == "running" else None
    strip = rows.list_row(entry, look, columns, chosen=chosen, mark=mark, now_ms=scene.now_ms)
    if not (chosen and scene.focused):
        return strip
    back = Style(bgcolor=look.palette.selected.bgcolor)
    return strip.adjust_cell_length(look.width).apply_style(back)


def _output_rows(scene: Scene, places: Places, look: Look) -> list[Strip]:
    entry, log, reader = scene.entry, scene.log, scene.reader
    head, body = places.head.height, places.body.height
    if entry is None or log is None or reader is None or not head:
        return []
    remarks = rows.Remarks(log.is_behind, log.looks_binary, log.output.unshown)
    made = [*rows.head_rows(entry, look, reader, remarks, head - len(scene.command), scene.now_ms)]
    made += scene.command
    shown = reader.shown(look.palette, look.palette.code_block)[: max(0, body)]
    made += [Strip.join([LEAD, rows.body_row(one, reader, look)]) for one in shown]
    if not shown and body > 0 and not log.is_behind:
        text = own("nothing printed yet") if entry.item.phase == "running" else own("nothing printed")
        made.append(rows.say_row(text, look))
    return made
