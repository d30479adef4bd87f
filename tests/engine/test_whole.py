"""A thread that is read whole: it says when older turns are missing."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from codex_tui import catalogue
from codex_tui.catalogue import FULL_PAGE, EngineCatalogue
from codex_tui.session.state import State
from codex_tui.session.transcript import Above, Thread
from tests.engine.fakes import running, script

# An engine that has read a thread, and gives its turns page by page.
PAGED = """
initialize()
TURNS = 120
while True:
    request = ask()
    params, number = request["params"], request["id"]
    if request["method"] == "thread/read":
        say({"id": number, "result": {"thread": {"id": "t", "cwd": "/"}}})
        continue
    first = int(params.get("cursor") or TURNS)
    last = max(0, first - params["limit"])
    turns = [{"id": f"t{at}", "items": [], "status": "completed"} for at in range(last, first)]
    say({"id": number, "result": {"data": turns[::-1], "nextCursor": str(last) if last else None}})
"""


async def whole(folder: Path, known: Thread | None = None) -> Thread:
    state = State(threads=MappingProxyType({"t": known} if known is not None else {}))
    async with running(script(folder, PAGED)) as (client, _):
        await client.initialize()
        return await EngineCatalogue(lambda: client, lambda: state).whole("t")


async def test_with_all_turns_nothing_stands_above_them_any_more(tmp_path: Path) -> None:
    read = await whole(tmp_path, Thread("t", above=Above("100")))
    assert ([turn.id for turn in read.turns], read.above) == ([f"t{at}" for at in range(120)], None)


async def test_of_a_thread_that_is_too_long_it_is_known_that_older_turns_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "TURNS_WHOLE", FULL_PAGE)
    read = await whole(tmp_path)
    assert (len(read.turns), read.above) == (FULL_PAGE, Above(str(120 - FULL_PAGE)))
