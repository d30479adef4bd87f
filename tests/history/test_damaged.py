"""Files that nobody can read are named with the reason; all others are left to the engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codex_tui.history.damaged import LISTED, damaged
from codex_tui.history.listing import Listing

META = '{"type":"session_meta","payload":{"id":"x"}}\n'


def file(home: Path, number: int, content: bytes, folder: str = "sessions/2026/01/02") -> Path:
    path = home / folder / f"rollout-2026-01-02T03-04-05-01998000-0000-7000-8000-{number:012}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\0" * 4000, "its first line was cut off"),
        (META.encode()[:20], "its first line was cut off"),
        (b"{garbage\n" + META.encode(), "its first line is no JSON"),
        (b'{"a": "\xff\xfe"}\n', "its first line is no text"),
        (b"[1]\n", "its first line does not say whose it is"),
        (b'{"type":"response_item"}\n', "its first line does not say whose it is"),
        (b"[" * 100_000 + b"\n", "its first line is no JSON"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = file(tmp_path, 1, content)
    (entry,) = damaged(tmp_path, set())
    assert (entry.damage, entry.path, entry.id) == (reason, str(path), path.stem[-36:])


def test_what_has_a_first_line_is_the_engines_however_it_ends(tmp_path: Path) -> None:
    file(tmp_path, 1, META.encode() + b"{half a li")
    file(tmp_path, 2, b'{"id":"of an old engine","timestamp":"x"}\n')
    assert damaged(tmp_path, set()) == []


def test_known_archived_and_other_files_are_not_looked_at(tmp_path: Path) -> None:
    known = file(tmp_path, 1, b"")
    file(tmp_path, 2, b"", "archived_sessions")
    file(tmp_path, 3, b"").rename(tmp_path / "sessions" / "notes.jsonl")
    assert damaged(tmp_path, {known.stem[-36:]}) == []
    assert [entry.archived for entry in damaged(tmp_path, set(), archived=True)] == [True]
    assert damaged(tmp_path / "nowhere", set()) == []


def test_there_is_an_end_to_them_and_the_newest_are_named(tmp_path: Path) -> None:
    for number in range(LISTED + 5):
        file(tmp_path, number, b"")
    found = damaged(tmp_path, set())
    assert len(found) == LISTED
    assert found[0].id.endswith(f"{LISTED + 4:012}")


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be read by root")
def test_what_one_may_not_read_says_so(tmp_path: Path) -> None:
    file(tmp_path, 1, b"x").chmod(0)
    assert [entry.damage for entry in damaged(tmp_path, set())] == ["you have no right to read it"]


def test_a_pipe_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = file(tmp_path, 1, b"")
    path.unlink()
    os.mkfifo(path)
    assert [entry.damage for entry in damaged(tmp_path, set())] == ["it is no regular file"]


def test_they_are_listed_wherever_one_is_since_nobody_knows_where_they_belong(tmp_path: Path) -> None:
    file(tmp_path, 1, b"")
    entries = {entry.id: entry for entry in damaged(tmp_path, set())}
    assert len(Listing("/home/dev", provider="openai").of(entries)) == 1
    assert len(Listing("/home/dev", wanted="damaged").of(entries)) == 1
    assert Listing("/home/dev", wanted="other").of(entries) == []
