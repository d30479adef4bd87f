"""How a command goes, from what the engine says to what the list says."""

from __future__ import annotations

from typing import Any

from codex_tui.panes.commands.roster import Entry, Roster
from codex_tui.panes.side import EVERYTHING
from codex_tui.protocol.base import read
from codex_tui.protocol.events import EngineReady, EngineStarting, EngineStopped, Event, TerminalsListed
from codex_tui.protocol.terminals import BackgroundTerminal
from tests.session.said import (
    THREAD,
    after,
    asked,
    command,
    completed,
    opened,
    output,
    started,
    turn_completed,
    turn_started,
)

BEGUN = (EngineStarting(1, "codex"), EngineReady(1, "0", ""), opened(), turn_started())


def entry(*events: Event) -> Entry:
    """The only command after those events."""
    roster = Roster()
    roster.take(after(*BEGUN, *events), EVERYTHING)
    (only,) = roster.entries
    return only


def running(**more: Any) -> dict[str, Any]:
    return {**command("c"), "processId": "7", "source": "unifiedExecStartup", **more}


def ended(status: str, text: str | None = None, **more: Any) -> dict[str, Any]:
    return {**running(**more), "status": status, "aggregatedOutput": text}


def listed(*names: str) -> TerminalsListed:
    raw = [{"itemId": "c", "processId": name, "command": "ls", "cwd": "/"} for name in names]
    return TerminalsListed(THREAD, tuple(read(BackgroundTerminal, one) for one in raw))


def test_one_that_runs_shows_what_it_printed_so_far() -> None:
    one = entry(started(running()), output("c", "so far\n"))
    assert (one.standing, one.output, one.process_id) == ("running", "so far\n", "7")


def test_one_that_waits_for_an_answer_has_nothing_to_terminate() -> None:
    one = entry(started(running(processId=None, source="agent")), asked())
    assert (one.standing, one.process_id) == ("waiting", None)


def test_one_that_is_done_has_its_final_output_in_the_streams_place() -> None:
    one = entry(
        started(running()), output("c", "two\n"), completed(ended("completed", "one\ntwo\n", exitCode=0))
    )
    assert (one.standing, one.output) == ("good", "one\ntwo\n")


def test_one_that_failed_or_was_declined_says_so() -> None:
    assert entry(started(running()), completed(ended("failed", exitCode=2))).standing == "bad"
    assert entry(started(running()), completed(ended("declined"))).standing == "declined"


def test_after_an_interrupt_its_end_is_unseen_until_the_engine_lists_it() -> None:
    interrupted = (started(running()), output("c", "up\n"), turn_completed(status="interrupted"))
    assert entry(*interrupted).standing == "lost"
    one = entry(*interrupted, listed("7"))
    assert (one.standing, one.process_id) == ("background", "7")
    assert entry(*interrupted, listed("7"), listed()).standing == "lost"


def test_one_in_the_background_prints_on_and_ends() -> None:
    left = (started(running()), turn_completed(), listed("7"), output("c", "later\n"))
    assert (entry(*left).standing, entry(*left).output) == ("background", "later\n")
    assert entry(*left, completed(ended("failed", exitCode=-1))).standing == "bad"


def test_with_the_engine_ends_what_it_ran() -> None:
    died = EngineStopped(1, "killed", -9)
    one = entry(started(running()), output("c", "up\n"), died)
    assert (one.standing, one.process_id, one.output) == ("lost", None, "up\n")
    one = entry(started(running()), turn_completed(), listed("7"), died)
    assert (one.standing, one.process_id) == ("lost", None)
