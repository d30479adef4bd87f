"""What goes on, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from codex_tui.panes.status.activity import Activity, activity, command_label, duration
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Item, Pending, Turn
from tests.ui.panes.scenes import BEGAN, command, question, session, state, wire

NOW = BEGAN + 12_000


def says(shown: State) -> str:
    """The activity as one string."""
    doing = activity(shown, NOW)
    if doing is None:
        return ""
    seconds = f" {doing.seconds}" if doing.seconds is not None else ""
    detail = f" {doing.detail}" if doing.detail else ""
    return f"{doing.says}{detail}{seconds}" + (f" | {doing.hint}" if doing.hint else "")


def at_work(*items: Item) -> State:
    return state(session(Turn("t2", "inProgress", Series(items), started_ms=BEGAN)))


def running(kind: str, **more: Any) -> Item:
    return wire("t2", phase="running", type=kind, id=f"x-{kind}", **more)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (command("t2", "c", "pytest -q", None, phase="running"), "running pytest -q 11 | Esc stops"),
        (running("mcpToolCall", server="billing", tool="list"), "calling billing.list 11 | Esc stops"),
        (running("dynamicToolCall", tool="lookup"), "calling lookup 11 | Esc stops"),
        (running("fileChange"), "changing files 11 | Esc stops"),
        (running("webSearch", query="x"), "searching the web 11 | Esc stops"),
        (running("contextCompaction"), "compacting the conversation 11 | Esc stops"),
        (running("agentMessage", text="I"), "writing 12 | Esc stops"),
        (running("reasoning"), "thinking 12 | Esc stops"),
        (running("holodeckProgram"), "thinking 12 | Esc stops"),
    ],
)
def test_a_turn_says_what_it_waits_for_and_for_how_long(item: Item, words: str) -> None:
    assert says(at_work(item)) == words


def test_between_items_it_thinks() -> None:
    assert says(at_work(command("t2", "c", "ls", ""))) == "thinking 12 | Esc stops"


def test_the_newest_of_several_running_items_counts() -> None:
    first = command("t2", "c1", "make", None, phase="running")
    second = command("t2", "c2", "pytest", None, phase="running")
    assert says(at_work(first, second)) == "running pytest 11 | Esc stops"


def test_nothing_goes_on_after_the_turn() -> None:
    done = Turn("t", "completed", Series([command("t", "c", "ls", "")]), started_ms=BEGAN)
    assert activity(state(session(done)), NOW) is None


def test_a_question_is_what_it_waits_for() -> None:
    waiting = replace(at_work(running("reasoning")), inbox=state(None, question("rm -r x")).inbox)
    assert says(waiting) == "waits for your answer"
    flagged = session(Turn("t", "inProgress"))
    assert says(state(replace(flagged, flags=("waitingOnApproval",)))) == "waits for your answer"


def test_a_question_of_another_thread_does_not_stop_this_one() -> None:
    other = replace(question("ls"), thread_id="other")
    shown = replace(at_work(running("reasoning")), inbox=state(None, other).inbox)
    assert says(shown) == "thinking 12 | Esc stops"


def test_a_prompt_on_its_way_is_being_sent_but_a_queued_one_waits_quietly() -> None:
    quiet = session(Turn("t", "completed"))
    assert says(state(replace(quiet, pending=(Pending("c", "hi", "turn", NOW - 2000),)))) == "sending 2"
    assert says(state(replace(quiet, pending=(Pending("c", "hi", "queue", NOW),)))) == ""


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ({"phase": "starting"}, "starting the engine"),
        ({"phase": "died", "reason": "exit code 101"}, "engine stopped (exit code 101) | r restarts it"),
        ({"phase": "died", "reason": "signal \x1b[2J"}, "engine stopped (signal \\x1b[2J) | r restarts it"),
        ({"phase": "died"}, "engine stopped | r restarts it"),
        ({"phase": "stopped"}, "engine stopped | r restarts it"),
        ({"phase": "ready"}, ""),
        ({"phase": "absent"}, ""),
    ],
)
def test_the_engine_says_how_it_is_in_words(engine: dict[str, Any], words: str) -> None:
    assert says(state(None, **engine)) == words


def test_an_engine_that_died_is_said_before_anything_else() -> None:
    dead = replace(
        at_work(running("reasoning")), engine=state(None, phase="died", reason="exit code 9").engine
    )
    assert says(dead) == "engine stopped (exit code 9) | r restarts it"


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("/bin/bash -lc 'pytest -q'", "pytest -q"),
        ("bash -c pytest", "pytest"),
        ("/tmp/evil/bash -c ls", "/tmp/evil/bash -c ls"),
        ("sh -c 'ls' && x", "sh -c 'ls' && x"),
        ('/usr/bin/zsh -lc "echo hi"', "echo hi"),
        ("ls -l", "ls -l"),
        ("/bin/bash -lc 'a\n  b'", "a b"),
        ("echo \x1b[31m", "echo \\x1b[31m"),
        ("x" * 60, "x" * 13 + "…" + "x" * 26),
    ],
)
def test_a_command_is_what_the_shell_runs_in_one_safe_line(raw: str, label: str) -> None:
    body: Any = wire("t", type="commandExecution", id="c", command=raw).body
    assert command_label(body) == label


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 00 min"),
        (7620, "2 h 07 min"),
    ],
)
def test_durations_read_well(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def test_a_clock_that_is_behind_the_engine_s_counts_from_zero() -> None:
    doing = activity(at_work(running("reasoning")), BEGAN - 5000)
    assert isinstance(doing, Activity)
    assert doing.seconds == 0
