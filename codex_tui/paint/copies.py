"""What of an item can be copied, each by its letter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from codex_tui.paint.blocks import code_blocks
from codex_tui.paint.diff import diff_text
from codex_tui.paint.explored import Explored
from codex_tui.paint.kinds import kind_of, markdown_of
from codex_tui.paint.message import prompt_text
from codex_tui.paint.output import Output
from codex_tui.paint.runs import line_text
from codex_tui.paint.shell import bare_command
from codex_tui.protocol.items import CommandExecution, FileChange, UserMessage
from codex_tui.session.transcript import OUTPUT_HEAD, Item
from codex_tui.text import SafeText, join, line, number, own

# Without any of these, output is the page it makes.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Copy:
    """`key` copies it, `name` is what the list of keys calls it. With several `texts` the key goes
    from one to the next. A text is made when it is wanted: outputs may be long."""

    key: SafeText
    name: SafeText
    texts: tuple[tuple[SafeText, Callable[[], str]], ...]
    """What each is called in `copied {name}, 12 lines`, and how it is made; foreign text, raw."""


def copies_of(item: Item) -> list[Copy]:
    """All ways to copy `item` but the way it is shown, which is for the pane to say."""
    body = item.body
    found = [source_of(item)]
    prose = prompt_text(body) if isinstance(body, UserMessage) else markdown_of(body)
    if prose and (blocks := _blocks(prose)):
        found.append(Copy(own("c"), own("code"), blocks))
    commands = _commands(item)
    if commands:
        found.append(_several(own("x"), own("command"), [_command_of(one) for one in commands]))
        printed = [
            one for one in commands if isinstance(one.body, CommandExecution) and one.body.aggregated_output
        ]
        if printed:
            found.append(_several(own("o"), own("output"), [_output_of(one) for one in printed]))
    if isinstance(body, FileChange) and body.changes:
        found.append(Copy(own("d"), own("diff"), ((own("the diff"), lambda: diff_text(body.changes)),)))
        paths = "\n".join(change.path for change in body.changes)
        name = own("the path") if len(body.changes) == 1 else own("the paths")
        found.append(Copy(own("p"), own("path"), ((name, lambda: paths),)))
    return found


def source_of(item: Item) -> Copy:
    """An item as it was written or told: markdown of messages, everything of others."""
    kind = kind_of(item.body)
    name = own("markdown") if markdown_of(item.body) is not None else own("everything")
    return Copy(own("m"), name, ((name, lambda: kind.text(item, item.body)),))


def _several(key: SafeText, name: SafeText, makers: list[Callable[[], str]]) -> Copy:
    if len(makers) == 1:
        return Copy(key, name, ((join(own("the "), name), makers[0]),))
    total = number(len(makers))
    return Copy(
        key,
        name,
        tuple(
            (join(name, own(" "), number(at), own(" of "), total), maker)
            for at, maker in enumerate(makers, 1)
        ),
    )


def _blocks(prose: str) -> tuple[tuple[SafeText, Callable[[], str]], ...]:
    blocks = code_blocks(prose)
    many = (
        _several(own("c"), own("code block"), [lambda text=block.text: text for block in blocks])
        if blocks
        else None
    )
    if many is None:
        return ()
    return tuple(
        (join(name, own(" ("), line(block.language[:20]), own(")")) if block.language else name, maker)
        for block, (name, maker) in zip(blocks, many.texts, strict=True)
    )


def _commands(item: Item) -> list[Item]:
    if isinstance(item.body, Explored):
        return [one for one in item.body.members if isinstance(one.body, CommandExecution)]
    return [item] if isinstance(item.body, CommandExecution) else []


def _command_of(item: Item) -> Callable[[], str]:
    body = item.body
    return lambda: bare_command(body.command) if isinstance(body, CommandExecution) else ""


def _output_of(item: Item) -> Callable[[], str]:
    body = item.body
    return lambda: (
        output_text(body.aggregated_output or "", item.output_cut)
        if isinstance(body, CommandExecution)
        else ""
    )


def output_text(output: str, cut: int = 0) -> str:
    """Output as it would stand on a terminal's page, without colours. `cut`: characters that were
    left out of its middle."""
    if cut:
        note = f"\n[{cut:,} characters were left out here]\n"
        output = f"{output[:OUTPUT_HEAD]}{note}{output[OUTPUT_HEAD:]}"
    if not _CONTROLS.search(output):
        return output.removesuffix("\n")
    page = Output()
    page.feed(output)
    page.finish()
    return "\n".join(line_text(one).rstrip(" ") for one in page.lines).removesuffix("\n")
