"""The list of background terminals in the state."""

from __future__ import annotations

from codex_tui.protocol.base import read
from codex_tui.protocol.events import TerminalsListed
from codex_tui.protocol.terminals import BackgroundTerminal
from codex_tui.session.reducer import reduce_all
from codex_tui.session.state import NOTHING, State
from codex_tui.session.transcript import Thread


def terminal(name: str) -> BackgroundTerminal:
    raw = {"itemId": f"call_{name}", "processId": name, "command": "sleep 9", "cwd": "/", "new": True}
    return read(BackgroundTerminal, raw)


def test_a_list_replaces_the_one_before() -> None:
    state = State(threads={"t": Thread("t")})
    state, change = reduce_all(state, [TerminalsListed("t", (terminal("1"), terminal("2")))])
    assert [one.process_id for one in state.threads["t"].terminals] == ["1", "2"]
    assert change
    state, change = reduce_all(state, [TerminalsListed("t", (terminal("1"), terminal("2")))])
    assert change == NOTHING
    state, _ = reduce_all(state, [TerminalsListed("t", ())])
    assert state.threads["t"].terminals == ()


def test_a_list_for_an_unknown_thread_makes_none() -> None:
    state, change = reduce_all(State(), [TerminalsListed("nobody", (terminal("1"),))])
    assert (state, change) == (State(), NOTHING)
