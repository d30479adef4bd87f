"""The dialog of `item/permissions/requestApproval`: rights beyond the sandbox, ticked one by one.

Nothing is ticked at first, and nothing ticked is a no.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import DECLINES, NO_EFFECT, Choice, refusals
from codex_tui.dialogs.exec import asked_by, directory, said, titled
from codex_tui.dialogs.rights import Wish, granted, place_of, wish_of
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.signs import KeyLine
from codex_tui.dialogs.step import Page
from codex_tui.paint.lines import chop, wrap
from codex_tui.paint.question import Fact, Painted, exact
from codex_tui.protocol import approvals
from codex_tui.text import SafeText, cell_width, join, line, number, own

if TYPE_CHECKING:
    from textual.strip import Strip

    from codex_tui.dialogs.setting import Setting
    from codex_tui.dialogs.step import Step
    from codex_tui.paint.lines import Part, Row
    from codex_tui.paint.look import Look
    from codex_tui.protocol.approvals import PermissionsApproval
    from codex_tui.protocol.base import JsonObject

METHOD = "item/permissions/requestApproval"
_ACCESS = {"read": own("read "), "write": own("write")}


@dataclass(frozen=True, slots=True)
class Ticks:
    """The page with a row for each right. `at` is the row the keys work on."""

    request: PermissionsApproval
    setting: Setting
    wish: Wish
    ticked: frozenset[int] = frozenset()
    at: int = 0

    @property
    def sheet(self) -> Sheet:
        return Sheet(
            title=titled(own("Give the agent more rights?"), self.setting),
            facts=self._facts(),
            body=lambda look: Painted(self._strips(look)[0]),
            measure=join(
                number(len(self.ticked)), own(" of "), number(len(self.wish.rights)), own(" ticked")
            ),
            choices=self._choices(),
            focus=lambda look: self._strips(look)[1],
        )

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        return (KeyLine(("up", "down"), own("the right above, or below")),) if self.wish.rights else ()

    def press(self, key: str, character: str | None) -> Step | None:
        count = len(self.wish.rights)
        if not count:
            return None
        if key in {"up", "down"}:
            return replace(self, at=max(0, min(count - 1, self.at + (1 if key == "down" else -1))))
        if key == "space":
            return replace(self, ticked=self.ticked ^ {self.at})
        if key == "a":
            every = frozenset(range(count))
            return replace(self, ticked=frozenset[int]() if self.ticked == every else every)
        return None

    def paste(self, text: str) -> Step | None:
        return None

    # -- parts ----------------------------------------------------------------------------

    def _facts(self) -> tuple[Fact, ...]:
        request, setting, wish = self.request, self.setting, self.wish
        facts = [*asked_by(setting), *said(request.reason), *directory(request.cwd, setting)]
        if request.environment_id not in (None, "local"):
            facts.append(Fact(own("Environment"), (line(request.environment_id or ""),), "warn"))
        if wish.limits:
            shut = tuple(place_of(entry, request.cwd, setting)[0] for entry in wish.limits)
            facts.append(Fact(own("Stays closed"), shut))
        if wish.unknown:
            facts.append(
                Fact(
                    own("Careful"), (own("this client does not know all of it, so it cannot grant:"),), "warn"
                )
            )
            facts.append(Fact(own(""), wish.unknown, "code"))
        if not wish.rights:
            facts.append(Fact(own("Careful"), (own("there is nothing here that could be granted"),), "warn"))
        return tuple(facts)

    def _strips(self, look: Look) -> tuple[list[Strip], int]:
        """The rows of the rights, and which of them the keys work on."""
        palette = look.palette
        strips: list[Strip] = []
        focus = 0
        for index, right in enumerate(self.wish.rights):
            here = index == self.at
            if here:
                focus = len(strips)
            sign = own("[x] ") if index in self.ticked else own("[ ] ")
            style = palette.accent if here else palette.text
            lead: Row = [(own("> ") if here else own("  "), palette.accent), (sign, style)]
            if right.kind == "network":
                rows = wrap([(right.place, palette.text)], max(8, look.width - 6))
            else:
                lead.append(
                    (join(_ACCESS[right.kind], own("  ")), palette.warn if right.kind == "write" else style)
                )
                rows = chop([(right.place, palette.code)], max(8, look.width - 13))
            used = sum(cell_width(text) for text, _ in lead)
            blank: Part = (SafeText(" " * used), palette.text)
            strips += [exact([*(lead if at == 0 else [blank]), *row]) for at, row in enumerate(rows)]
            for mark in right.marks:
                strips += [
                    exact([blank, *row]) for row in wrap([(mark, palette.warn)], max(8, look.width - used))
                ]
        return strips, focus

    def _choices(self) -> tuple[Choice, ...]:
        noes = _refusals()
        if not self.wish.rights:
            return noes
        found: list[Choice] = [
            Choice("space", own("Tick or untick"), own("tick"), own("the one that is marked >"), None, ""),
            Choice("a", own("Tick all, or none"), own("all"), NO_EFFECT, None, ""),
        ]
        permissions = granted(self.wish, self.ticked)
        count = join(number(len(self.ticked)), own(" of "), number(len(self.wish.rights)))
        effect = count if self.ticked else own("nothing ticked: the same as no")
        found += [
            Choice(
                "y",
                own("Yes, for this turn"),
                own("turn"),
                effect,
                approvals.grant(permissions, "turn") if self.ticked else approvals.grant_nothing(),
                "accept" if self.ticked else "decline",
                grants=bool(self.ticked),
            ),
            Choice(
                "s",
                own("Yes, for this session …"),
                own("session…"),
                effect,
                None if self.ticked else approvals.grant_nothing(),
                "" if self.ticked else "decline",
                grants=bool(self.ticked),
                leads=(lambda: Page(self._session_sheet(permissions))) if self.ticked else None,
            ),
        ]
        return (*found, *noes)

    def _session_sheet(self, permissions: JsonObject) -> Sheet:
        facts = (
            *asked_by(self.setting),
            Fact(
                own("Lasts"),
                (own("until this thread is closed or its engine stops; no file is written"),),
                "warn",
            ),
            Fact(
                own("Means"),
                (own("commands of this turn and of later ones use these rights without asking"),),
                "warn",
            ),
        )
        rights = tuple(right for index, right in enumerate(self.wish.rights) if index in self.ticked)
        chosen = replace(
            self, wish=replace(self.wish, rights=rights), ticked=frozenset(range(len(rights))), at=-1
        )
        return Sheet(
            title=own("Give these rights for the session?"),
            facts=facts,
            body=lambda look: Painted(chosen._strips(look)[0]),
            measure=own(""),
            choices=(
                Choice(
                    "enter",
                    own("Give them for the session"),
                    own("give"),
                    NO_EFFECT,
                    approvals.grant(permissions, "session"),
                    "acceptForSession",
                    grants=True,
                ),
                Choice("escape", own("Back, nothing is given"), own("back"), NO_EFFECT, None, ""),
            ),
        )


def first_page(request: PermissionsApproval, setting: Setting) -> Ticks:
    """The dialog's first page: nothing ticked."""
    return Ticks(request, setting, wish_of(request, setting))


def _refusals() -> tuple[Choice, ...]:
    decline, stop, interrupts = DECLINES[METHOD]
    return refusals(NO_EFFECT, decline, stop, interrupts)
