"""The recordings in the repository: complete, free of machine facts, and made by our own scenarios."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from codex_tui.engine.recorder import Entry, read_recording
from tests.normalise import EPOCH, Normaliser
from tests.record import main as record
from tests.replay import replay

HERE = Path(__file__).parent
RECORDINGS = sorted((HERE / "recordings").glob("*.jsonl"))
SCENARIOS = sorted((HERE / "scenarios").glob("*.json"))

MACHINE_FACTS = re.compile(
    r"/r[o]ot/|/home/(?!dev)|/tmp/|/var/folders|/Users/|/private/|codex-tui-demo|\.pyenv|\.venv|site-packages"
)

LIMIT = 3_000_000
"""Bytes all recordings may have together: they are read by every clone."""


def test_every_scenario_has_a_recording_and_every_recording_a_scenario():
    assert [path.stem for path in RECORDINGS] == [path.stem for path in SCENARIOS]
    assert len(RECORDINGS) >= 25


def test_the_recordings_stay_small():
    assert sum(path.stat().st_size for path in RECORDINGS) < LIMIT


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_tells_nothing_of_the_machine_it_was_made_on(path: Path):
    text = path.read_text(encoding="utf-8")
    assert MACHINE_FACTS.findall(text) == []
    times = [int(found) for found in re.findall(r'"emittedAtMs":(\d+)', text)]
    assert all(EPOCH * 1000 <= time < (EPOCH + 60) * 1000 for time in times)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_replays_without_a_complaint(path: Path):
    verdict = replay(read_recording(path))
    assert verdict.complaints == []
    assert verdict.turns > 0


@pytest.mark.engine
def test_a_scenario_recorded_again_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert record([str(HERE / "scenarios" / "command-accepted.json"), "--out", str(tmp_path)]) == 0
    assert "command-accepted" in capsys.readouterr().out

    def items(folder: Path) -> list[str]:
        entries = read_recording(folder / "command-accepted.jsonl")
        messages = [entry.msg for entry in entries if entry.dir == "in" and "method" in entry.msg]
        return [
            re.sub(r'"(durationMs|\w+AtMs)": ?\d+', "", json.dumps(message["params"]["item"]))
            for message in messages
            if message["method"] == "item/completed"
        ]

    assert items(tmp_path) == items(HERE / "recordings")


def test_a_scenario_with_a_wrong_step_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "wrong.json").write_text('{"script": [], "steps": [{"dance": true}]}', encoding="utf-8")
    assert record([str(tmp_path / "wrong.json"), "--out", str(tmp_path)]) == 1
    assert "wrong" in capsys.readouterr().out
    assert not (tmp_path / "wrong.jsonl").exists()


def normalised(*messages: object, folders: dict[str, str] | None = None) -> list[dict[str, object]]:
    entries = [Entry(float(number), "in", message) for number, message in enumerate(messages)]
    return [json.loads(line) for line in Normaliser(folders or {}).lines(entries)]


def test_ids_become_numbers_and_stay_the_same_thing():
    one, two = "0190a1b2-1111-7222-8333-444455556666", "0190a1b2-1111-7222-8333-999955556666"
    lines = normalised({"a": one, "b": f"x-{two}"}, {"a": two})
    assert [line["msg"] for line in lines] == [
        {"a": "00000000-0000-7000-8000-000000000001", "b": "x-00000000-0000-7000-8000-000000000002"},
        {"a": "00000000-0000-7000-8000-000000000002"},
    ]


def test_the_longest_folder_is_replaced_first():
    folders = {"/x/run": "/home/dev", "/x/run/project": "/home/dev/calc"}
    (line,) = normalised({"cwd": "/x/run/project/a", "home": "/x/run/b"}, folders=folders)
    assert line["msg"] == {"cwd": "/home/dev/calc/a", "home": "/home/dev/b"}


def test_the_engines_tree_of_agents_has_a_name_of_its_own():
    (line,) = normalised({"agentPath": "/tree/tests", "path": "/tree/tests"})
    assert line["msg"] == {"agentPath": "/lead/tests", "path": "/tree/tests"}


def test_times_start_with_the_year_2026():
    (line,) = normalised({"createdAt": 1_800_000_000, "emittedAtMs": 1_800_000_000_000, "durationMs": 1249})
    assert line["msg"] == {"createdAt": EPOCH, "emittedAtMs": EPOCH * 1000 + 10, "durationMs": 1000}


def test_short_gaps_are_levelled_and_long_ones_rounded():
    entries = [Entry(t, "in", {}) for t in (0.0, 0.13, 0.2, 1.15)]
    assert [json.loads(line)["t"] for line in Normaliser({}).lines(entries)] == [0.01, 0.02, 0.03, 1.03]


def test_scenarios_are_well_formed():
    for path in SCENARIOS:
        scenario = json.loads(path.read_text(encoding="utf-8"))
        assert scenario["script"] and scenario["steps"], path.stem
