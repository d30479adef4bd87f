"""What a person can do when a saved thread cannot simply be opened: a choice instead of an error.

Which ways there are is read from the engine's refusal; `codex_tui.opening` goes them.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, cast

from codex_tui.errors import ClientError
from codex_tui.history import merge
from codex_tui.intents import Way
from codex_tui.text import SafeText, cut, join, line, own
from codex_tui.text import number as number_of
from codex_tui.text.source import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codex_tui.engine.failures import RefusedError
    from codex_tui.history import Entry
    from codex_tui.history.access import Catalogue
    from codex_tui.protocol.base import JsonObject

NEAREST = 3  # threads that are near to one that is not there
KEYED = 9  # threads that one can choose by a digit
TITLE_SHOWN = 40  # cells of the title of a thread that is proposed
SAME_START = 8  # characters of an id that make another one near: the part that people copy by hand

COPY, AGAIN, BRING_BACK, DEFAULT, HERE, KEEP, OTHER = map(SafeText, "ctbdhko")

_PROVIDER = re.compile(r"provider [`\"\u201c](.{1,80}?)[`\"\u201d]")
_UNKNOWN = ("no rollout found", "thread not loaded", "not found", "invalid session id", "invalid thread id")


class LeftAloneError(ClientError):
    """The person wanted none of the ways on. Inside a session there is nothing more to say."""


def is_unknown(error: RefusedError) -> bool:
    """Whether the engine has no such thread. A missing provider is "not found", too, and is another thing."""
    said = error.message.lower()
    return "provider" not in said and any(part in said for part in _UNKNOWN)


def ways_around(error: RefusedError, provider: str) -> list[Way]:
    """The ways on after a refusal. `provider`: the one of the person's config, "" if not known."""
    said = error.message.lower()
    if "active writer" in said:
        return [
            Way(COPY, own("take a copy and go on with that")),
            Way(AGAIN, own("try again: the other program has closed it")),
        ]
    if "archived" in said:
        return [Way(BRING_BACK, own("bring it back and go on with it"))]
    if "provider" in said and provider and _keeps_provider(error):
        return [Way(COPY, join(own("go on in a copy, with the provider of your config: "), line(provider)))]
    if "provider" in said and provider:
        return [Way(DEFAULT, join(own("go on with the provider of your config: "), line(provider)))]
    return []


def _keeps_provider(error: RefusedError) -> bool:
    """Whether this engine opens a thread with its own provider only (0.169; one of 0.163 takes another)."""
    data = error.data
    return isinstance(data, dict) and cast("JsonObject", data).get("type") == "modelProviderNotConfigured"


def why(error: RefusedError) -> SafeText:
    """What stands in the way, in our words where they are plainer than the engine's."""
    said = error.message.lower()
    if "active writer" in said:
        return own("Another program has this thread open")
    if "archived" in said:
        return own("This thread was put away")
    if is_unknown(error):
        return own("There is no such thread")
    if "provider" in said and (found := _PROVIDER.search(error.message)) is not None:
        return join(own("The model provider of this thread is not set up: "), line(found[1]))
    if "session metadata" in said:
        return own("The file of this thread is damaged")
    return line(source_of(error.title))


def ways_elsewhere(here: Path) -> list[Way]:
    """The ways on when a thread's directory is gone; `here` is where the program was started."""
    return [
        Way(HERE, join(own("go on in "), line(str(here)))),
        Way(KEEP, own("go on all the same: to read, and to talk without commands")),
    ]


async def nearest(catalogue: Catalogue, wanted: str) -> list[Entry]:
    """Saved threads whose id or name is nearest to one that is not there; from the engine's index only."""
    known: dict[str, Entry] = {}
    async for page in catalogue.pages(archived=False):
        before = len(known)
        merge(known, (entry for entry in page if not entry.damage))
        if page and len(known) == before:
            break  # the second look, which brings little new
    return near(list(known.values()), wanted)


async def named(catalogue: Catalogue, name: str) -> tuple[list[Entry], list[Entry]]:
    """The threads of exactly that name, at most nine, the last used first; and, without any, the nearest."""
    known: dict[str, Entry] = {}
    called: list[Entry] = []
    async for page in catalogue.pages(archived=False):
        before = len(known)
        merge(known, (entry for entry in page if not entry.damage))
        called = [entry for entry in known.values() if name in (entry.name, entry.id)]
        if called and len(known) == before:
            break  # the second look, which brings little new
    called.sort(key=lambda entry: entry.updated, reverse=True)
    return called[:KEYED], [] if called else near(list(known.values()), name)


def near(entries: Sequence[Entry], wanted: str) -> list[Entry]:
    """The nearest of `entries` by name, then by the beginning of their id, then by their id."""
    names = {entry.name: entry for entry in reversed(entries) if entry.name}
    ids = {entry.id: entry for entry in entries}
    by_name = [names[name] for name in difflib.get_close_matches(wanted, list(names), NEAREST)]
    start = wanted[:SAME_START].lower()
    by_start = [entry for id, entry in ids.items() if len(start) == SAME_START and id.startswith(start)]
    by_id = [ids[id] for id in difflib.get_close_matches(wanted, list(ids), NEAREST, cutoff=0.8)]
    return list({entry.id: entry for entry in (*by_name, *by_start[:NEAREST], *by_id)}.values())[:NEAREST]


def ways_to(entries: Sequence[Entry]) -> list[Way]:
    """A way to each of some threads, by number; threads of one name by what was said first in them."""
    names = [entry.name for entry in entries]
    ways: list[Way] = []
    for number, entry in enumerate(entries, 1):
        title = entry.prompt if names.count(entry.name) > 1 and entry.prompt else entry.title
        shown = cut(line(" ".join(title.split())), TITLE_SHOWN)
        ways.append(Way(number_of(number), join(shown, own("   "), line(entry.id))))
    return ways
