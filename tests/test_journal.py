"""What a person wrote outlives the program, is theirs alone, and never costs them a session."""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui import journal as bounds
from codex_tui.journal import Draft, Journal


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_prompts_come_back_in_another_session_oldest_first_each_once(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    for text in ("one", "two\nlines", "one"):
        first.add_prompt(text, "/project")
    assert Journal(tmp_path).prompts() == ["two\nlines", "one"]


def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    journal = Journal(folder)
    journal.add_prompt("secret", "/project")
    journal.keep_draft("thread", Draft("secret"))
    assert mode(folder) == mode(folder / "drafts") == 0o700
    assert {mode(path) for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_a_file_that_was_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add_prompt("one", "/")
    (tmp_path / "prompts.jsonl").chmod(0o644)
    journal.add_prompt("two", "/")
    assert mode(tmp_path / "prompts.jsonl") == 0o600


def test_a_draft_is_kept_until_it_is_empty(tmp_path: Path) -> None:
    Journal(tmp_path).keep_draft("thread", Draft("half a sent", ("/shot.png",)))
    assert Journal(tmp_path).draft("thread") == Draft("half a sent", ("/shot.png",))
    assert Journal(tmp_path).draft("other") == Draft()
    Journal(tmp_path).keep_draft("thread", Draft())
    assert not Journal(tmp_path).draft("thread")
    assert list((tmp_path / "drafts").iterdir()) == []


def test_half_written_lines_and_broken_drafts_are_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add_prompt("good", "/project")
    with (tmp_path / "prompts.jsonl").open("ab") as out:
        out.write(b'{"text": "half\n[1]\n\xff\xfe\n{"text": 7}\n')
    journal.add_prompt("after", "/project")
    assert journal.prompts() == ["good", "after"]
    journal.keep_draft("thread", Draft("words"))
    (path,) = (tmp_path / "drafts").iterdir()
    path.write_text('{"key": "thread", "text')
    assert not journal.draft("thread")


def test_a_folder_that_cannot_be_written_is_told_once_and_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    journal = Journal(tmp_path / "file" / "state", told.append)
    journal.add_prompt("one", "/")
    journal.keep_draft("thread", Draft("one"))
    assert not journal.draft("thread")
    assert journal.prompts() == []
    assert told == ["Prompts and drafts are not kept: Not a directory"]


def test_the_file_of_prompts_stays_within_its_bound(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    entry = json.dumps({"text": "x" * 100_000}).encode() + b"\n"
    (tmp_path / "prompts.jsonl").write_bytes(entry * (bounds.PROMPTS_KEPT // len(entry) + 1))
    journal.add_prompt("newest", "/")
    assert (tmp_path / "prompts.jsonl").stat().st_size <= bounds.PROMPTS_READ + 200
    assert journal.prompts()[-1] == "newest"


def test_the_oldest_drafts_go(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for number in range(bounds.DRAFTS_KEPT + 5):
        journal.keep_draft(str(number), Draft("words"))
    assert len(list((tmp_path / "drafts").iterdir())) == bounds.DRAFTS_KEPT
    assert journal.draft(str(bounds.DRAFTS_KEPT + 4))


@settings(max_examples=50)
@given(st.lists(st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip())), max_size=8))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        for text in texts:
            journal.add_prompt(text, "/")
        assert journal.prompts() == list(reversed(dict.fromkeys(reversed(texts))))


def test_a_full_disk_leaves_the_draft_of_before_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    journal = Journal(tmp_path, told.append)
    journal.keep_draft("thread", Draft("as it was"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        journal.keep_draft("thread", Draft("as it was, and more"))
        journal.keep_draft("thread", Draft("as it was, and more still"))
    assert told == ["Prompts and drafts are not kept: No space left on device"]
    assert journal.draft("thread") == Draft("as it was")
    assert len(list((tmp_path / "drafts").iterdir())) == 1
