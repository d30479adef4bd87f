"""Where an item leads: web addresses it names, and files that are really there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from codex_tui.diffs import read_change
from codex_tui.paint.copies import output_text
from codex_tui.paint.explored import Explored
from codex_tui.paint.kinds import kind_of, markdown_of
from codex_tui.paint.message import prompt_text
from codex_tui.paint.shell import bare_command
from codex_tui.protocol.items import CommandExecution, FileChange, ImageGeneration, ImageView, UserMessage
from codex_tui.session.references import MAX_TEXT, Reference, existing, find_references
from codex_tui.session.transcript import Item


def links_of(item: Item, root: str, exists: Callable[[str], bool] = os.path.isfile) -> list[Reference]:
    """Addresses and files of an item in their order; files by absolute path, and only what `exists`.

    `root`: the thread's folder, for relative paths. Those of a command go by its own.
    """
    found: dict[tuple[str, int | None], Reference] = {}
    for one in _named(item, root):
        found.setdefault((one.target, one.line), one)
    return existing(list(found.values()), exists)


def link_at(
    text: str, at: int, root: str, exists: Callable[[str], bool] = os.path.isfile
) -> Reference | None:
    """What stands at character `at` of a text, a file by its absolute path; None when it leads nowhere."""
    here = [_placed(one, root) for one in find_references(text) if one.start <= at < one.end]
    return next(iter(existing(here, exists)), None)


def _named(item: Item, root: str) -> Iterator[Reference]:
    body = item.body
    if isinstance(body, FileChange):
        for change in body.changes:
            hunks = read_change(change).hunks
            path = change.kind.move_path or change.path
            yield _placed(Reference("file", path, hunks[0].new_start if hunks else None), root)
    elif isinstance(body, CommandExecution):
        yield from _of_command(item, body, body.cwd or root)
    elif isinstance(body, Explored):
        for member in body.members:
            if isinstance(member.body, CommandExecution):
                yield from _of_command(member, member.body, member.body.cwd or root)
    elif isinstance(body, ImageView | ImageGeneration):
        path = body.path if isinstance(body, ImageView) else body.saved_path or ""
        yield _placed(Reference("file", path), root)
    else:
        text = markdown_of(body)
        if text is None:
            text = prompt_text(body) if isinstance(body, UserMessage) else kind_of(body).text(item, body)
        yield from _in(text, root)


def _of_command(item: Item, body: CommandExecution, root: str) -> Iterator[Reference]:
    for action in body.command_actions:
        if action.type == "read" and action.path:
            yield _placed(Reference("file", action.path), root)
    yield from _in(bare_command(body.command), root)
    # Colours stand in the middle of names; the page has none.
    yield from _in(output_text((body.aggregated_output or "")[-MAX_TEXT:]), root)


def _in(text: str, root: str) -> Iterator[Reference]:
    return (_placed(one, root) for one in find_references(text))


def _placed(one: Reference, root: str) -> Reference:
    if one.kind != "file":
        return one
    path = one.target
    if path.startswith("~/"):
        path = str(Path.home()) + path[1:]
    return replace(one, target=os.path.normpath(os.path.join(root, path)))  # noqa: PTH118 - a string
