"""The replay itself: what it accepts, and that it sees what it is there to see."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from codex_tui.engine.recorder import Entry
from codex_tui.session.reducer import dispatch
from codex_tui.session.state import Change, State
from tests.replay import main, replay

ITEM = {"type": "agentMessage", "id": "m", "text": "hello"}


def heard(method: str, **params: Any) -> Entry:
    return Entry(0.0, "in", {"method": method, "params": {"threadId": "th", "turnId": "t", **params}})


def session(final: dict[str, Any]) -> list[Entry]:
    turn: dict[str, Any] = {"id": "t", "items": [], "status": "inProgress"}
    return [
        heard("turn/started", turn=turn),
        heard("item/started", item={**final, "text": ""}),
        heard("item/agentMessage/delta", itemId="m", delta="hel"),
        heard("item/agentMessage/delta", itemId="m", delta="lo"),
        heard("item/completed", item=final),
        heard("turn/completed", turn={**turn, "status": "completed"}),
        Entry(1.0, "eof", {"rc": 0}),
    ]


def write(path: Path, entries: Iterable[Entry]) -> Path:
    lines = [json.dumps({"t": entry.t, "dir": entry.dir, "msg": entry.msg}) for entry in entries]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_sound_recording_is_counted_and_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "sound.jsonl", session(ITEM))
    assert main([str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "sound" in shown
    assert "6 messages    1 turns     1 items   0 unknown  ok" in shown


@pytest.mark.parametrize(
    "final",
    [
        pytest.param([heard("item/completed", item={"type": "agentMessage", "id": "m"})], id="no text"),
        pytest.param([heard("item/completed", item={"id": "m", "type": 7})], id="no type"),
        pytest.param([heard("item/completed", item={**ITEM, "text": 5})], id="text of another kind"),
    ],
)
def test_an_item_the_models_cannot_hold_fails_the_replay(
    final: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "odd.jsonl", final)
    assert main([str(tmp_path)]) == 1
    assert "1 failed" in capsys.readouterr().out


def unmoved(state: State, said: object) -> tuple[State, Change]:
    return state, frozenset()


def test_a_text_that_ends_otherwise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = dispatch.MESSAGES["item/completed"]
    monkeypatch.setitem(dispatch.MESSAGES, "item/completed", unmoved)
    complaints = replay(session({**ITEM, "text": "hello there"})).complaints
    assert any("says ['hello']" in said for said in complaints)
    assert any("in batches" in said for said in complaints)
    monkeypatch.setitem(dispatch.MESSAGES, "item/completed", kept)
    assert replay(session({**ITEM, "text": "hello there"})).complaints == []


def test_a_diff_that_ends_otherwise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [*session(ITEM), heard("turn/diff/updated", diff="diff --git")]
    assert replay(entries).complaints == []
    monkeypatch.delitem(dispatch.MESSAGES, "turn/diff/updated")
    assert any("the diff of turn t" in said for said in replay(entries).complaints)


def test_each_of_several_clients_has_a_state_of_its_own() -> None:
    one = [entry._replace(client="A") for entry in session(ITEM)]
    other = [entry._replace(client="B") for entry in session({**ITEM, "text": "other"})]
    mixed = [entry for pair in zip(one, other, strict=True) for entry in pair]
    verdict = replay(mixed)
    assert verdict.complaints == []
    assert (verdict.turns, verdict.items) == (2, 2)


def test_items_of_old_engines_without_a_thread_are_counted_not_compared() -> None:
    old = Entry(0.0, "in", {"method": "item/completed", "params": {"item": ITEM}})
    verdict = replay([old])
    assert (verdict.placeless, verdict.unknowns, verdict.complaints) == (1, 1, [])


def test_odd_lines_are_survived() -> None:
    odd: list[Any] = [
        None,
        7,
        [],
        "x",
        {},
        {"id": True},
        {"method": 7},
        {"method": "x", "params": []},
        {"id": None},
    ]
    entries = [Entry(0.0, direction, msg) for msg in odd for direction in ("in", "out", "raw", "note", "eof")]
    assert replay(entries).complaints == []


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["/nowhere/at/all"]])
def test_wrong_arguments_are_an_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_an_empty_directory_is_an_error(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2


def test_a_hang_ends_the_process(tmp_path: Path) -> None:
    path = write(tmp_path / "slow.jsonl", session(ITEM))
    program = (
        "import sys, time, pathlib\n"
        "import tests.replay as r\n"
        "r.replay = lambda entries: time.sleep(30)\n"
        "r.replay_files([pathlib.Path(sys.argv[1])], deadline=0.2)\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 3
    assert "slow" in done.stdout
    assert "hangs" in done.stdout
