"""The sheet that asks whether to trust a folder, before anything of it is read or run. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.question import Fact, Painted, paint_facts
from codex_tui.text import SafeText, join, line, number, own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codex_tui.trust import Part, Trust


def folder_sheet(trust: Trust, parts: Sequence[Part], home: str) -> Sheet:
    """The sheet for `trust`; `parts` is what lies there, `home` is written as `~`."""
    folder, root, config = (_short(path, home) for path in (trust.folder, trust.root, trust.config))
    facts = [Fact(own("Folder"), (folder,), "code")]
    if trust.root != trust.folder:
        facts.append(Fact(own("Answer is for"), (join(own("all of "), root),), "code"))
    if trust.problem:
        facts.append(Fact(own("Careful"), (line(trust.problem),), "warn"))
    body = (
        Fact(own("Found there"), _found(trust, parts)),
        Fact(own(""), (own("(by name: nothing was read, nothing was started)"),), "dim"),
        Fact(own("Trusting"), (own("its settings, rules and hooks count, their programs run"),)),
        Fact(own(""), (join(own("lasts: the engine notes it in "), config),)),
        Fact(own("Not trusting"), (own("those stay off, instructions too; skills are still offered"),)),
        Fact(own(""), (own("the agent reads only, and asks for anything else"),)),
    )
    return Sheet(
        title=own("Trust this folder?"),
        facts=tuple(facts),
        body=lambda look: Painted(paint_facts(body, look)),
        measure=own(""),
        choices=_choices(trust),
        waits=False,
    )


def _choices(trust: Trust) -> tuple[Choice, ...]:
    found = [
        Choice(
            "t",
            own("Trust it and start"),
            own("trust"),
            own("lasts"),
            None,
            "trust",
            grants=True,
        )
    ]
    if not trust.owns_home:
        # Else the settings of the person and those of the project are the same file.
        found.append(
            Choice(
                "r",
                own("Start without trusting it"),
                own("read-only"),
                own("read-only, this time"),
                None,
                "once",
            )
        )
    found.append(
        Choice("escape", own("Leave"), own("leave"), NO_EFFECT, None, "leave"),
    )
    return tuple(found)


def _found(trust: Trust, parts: Sequence[Part]) -> tuple[SafeText, ...]:
    rows: list[SafeText] = []
    for part in parts:
        name = part.path.relative_to(trust.top) if part.path.is_relative_to(trust.top) else part.path
        size = own("")
        if part.size is not None:
            size = join(own(" ("), number(part.size), own(" byte)") if part.size == 1 else own(" bytes)"))
        rows.append(join(line(str(name)), size, own(": "), line(part.what)))
    return tuple(rows) or (own("nothing that the engine would follow"),)


def _short(path: Path, home: str) -> SafeText:
    if home and path.is_relative_to(home):
        return line(f"~/{path.relative_to(home)}") if str(path) != home else own("~")
    return line(str(path))
