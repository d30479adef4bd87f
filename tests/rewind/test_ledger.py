"""Rewinds on disk: found again by another session, brought to either end, bounded."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_tui.copies import COPIES_DAYS, place_of
from codex_tui.ledger import Entry, Ledger
from codex_tui.revert import Held
from codex_tui.rewind import Fate
from codex_tui.rewind.record import End, Record, read, record_of, talk_of, written
from codex_tui.rewinding import Failure, Look, look_back, put
from codex_tui.session.transcript import Thread
from tests.rewind.disk import FullDisk
from tests.rewind.made import said, thread, turn


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def begun(
    root: Path, state: Path, name: str = "f", now: bytes = b"now", then: bytes | None = b"then"
) -> Entry:
    """A rewind of one file that holds `now`; nothing is written yet."""
    path = root / name
    path.write_bytes(now)
    held = Held(now, stat.S_IMODE(path.stat().st_mode))
    wanted = Held(then, held.mode) if then is not None else Held(None)
    record = Record("files", "t", "u0", root=str(root))
    return Ledger(state).begin(record, {str(path): held}, {str(path): wanted}, {str(path): 0})


def brought(entry: Entry, end: End, state: Path, *, force: bool = False) -> Look:
    """What `look_back` showed, and it is done."""
    look = look_back(entry, end)
    chosen = [fate for fate in look.fates if force or fate.conflict is None]
    assert put(look, chosen, entry, end, state) is None
    return look


def only(look: Look) -> Fate:
    (fate,) = look.fates
    return fate


def reason(look: Look) -> str:
    conflict = only(look).conflict
    assert conflict is not None
    return conflict.reason


def test_another_session_finds_what_can_be_undone_newest_first(root: Path, state: Path) -> None:
    for name in ("first", "second"):
        begun(root, state, name).settle("done")
    begun(root, state, "undone").settle("undone")
    found = Ledger(state).undoable("t", "elsewhere")
    assert [Path(entry.record.paths[0]).name for entry in found] == ["second", "first"]
    assert [entry.folder for entry in Ledger(state).undoable("other", str(root))] == [
        one.folder for one in found
    ]
    assert Ledger(state).undoable("other", "elsewhere") == []


def test_a_rewind_that_a_program_is_at_was_not_cut_off(root: Path, state: Path) -> None:
    entry = begun(root, state)
    assert Ledger(state).cut_off("t") == []
    entry.release()
    (found,) = Ledger(state).cut_off("t")
    assert (found.stage, found.record) == ("writing", entry.record)
    assert Ledger(state).cut_off("other") == []
    assert found.hold()
    assert not entry.hold(), "one program alone is at it"
    found.settle("done")
    assert Ledger(state).cut_off("t") == []


CONTENTS = {
    "bytes that are no text": b"\xff\xfe\x00\x80 binary \x00",
    "carriage returns": b"a\r\nb\r\n",
    "mixed line ends": b"a\r\nb\nc\r",
    "no newline at the end": b"a\nb",
    "nothing": b"",
    "a newline": b"\n",
    "a mark at the beginning": b"\xef\xbb\xbfx\n",
}


@pytest.mark.parametrize("then", CONTENTS.values(), ids=CONTENTS.keys())
def test_every_byte_goes_there_and_back(root: Path, state: Path, then: bytes) -> None:
    now = b"\x00now\r\n\xfe"
    entry = begun(root, state, now=now, then=then)
    brought(entry, "after", state)
    assert (root / "f").read_bytes() == then
    brought(entry, "before", state)
    assert (root / "f").read_bytes() == now


def test_a_file_that_goes_comes_back_with_its_rights(root: Path, state: Path) -> None:
    (root / "f").touch(0o751)
    (root / "f").chmod(0o751)
    entry = begun(root, state, then=None)
    brought(entry, "after", state)
    assert not (root / "f").exists()
    brought(entry, "before", state)
    assert (root / "f").read_bytes() == b"now"
    assert stat.S_IMODE((root / "f").stat().st_mode) == 0o751


def test_rights_that_somebody_set_since_stay(root: Path, state: Path) -> None:
    entry = begun(root, state)
    brought(entry, "after", state)
    (root / "f").chmod(0o600)
    brought(entry, "before", state)
    assert stat.S_IMODE((root / "f").stat().st_mode) == 0o600


def test_rights_that_a_rewind_changed_go_back_and_nothing_else(root: Path, state: Path) -> None:
    path = root / "run"
    path.write_bytes(b"x")
    path.chmod(0o644)
    sides = {str(path): Held(b"x", 0o755)}, {str(path): Held(b"x", 0o644)}
    entry = Ledger(state).begin(Record("files", "t", "u", root=str(root)), *sides, {str(path): 0})
    look = brought(entry, "before", state)
    assert [change.kind for change in look.changes[0]] == ["mode"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert only(look_back(entry, "before")).changed == ()


def test_a_file_that_was_changed_since_stays_unless_it_is_chosen(root: Path, state: Path) -> None:
    entry = begun(root, state)
    brought(entry, "after", state)
    (root / "f").write_bytes(b"theirs")
    look = brought(entry, "before", state)
    assert reason(look) == "it was changed since the rewind"
    assert only(look).can_force
    assert (root / "f").read_bytes() == b"theirs"
    brought(entry, "before", state, force=True)
    assert (root / "f").read_bytes() == b"now"
    copies = [path.read_bytes() for path in place_of(state).glob("*/0") if path.parent != entry.folder]
    assert b"theirs" in copies, "of what was written over, a copy is kept, too"


def _as_link(root: Path) -> None:
    (root / "f").rename(root / "elsewhere")
    (root / "f").symlink_to(root / "elsewhere")


def _as_folder(root: Path) -> None:
    (root / "f").unlink()
    (root / "f").mkdir()


def _without_root(root: Path) -> None:
    root.rename(root.with_name("moved"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_as_link, "it is a symbolic link"),
        (_as_folder, "this is no regular file"),
        (_without_root, "it cannot be done: No such file or directory"),
    ],
)
def test_what_is_no_file_any_more_stays_and_cannot_be_chosen(
    root: Path, state: Path, change: Callable[[Path], None], says: str
) -> None:
    entry = begun(root, state)
    brought(entry, "after", state)
    change(root)
    look = look_back(entry, "before")
    assert (reason(look), only(look).can_force) == (says, False)


def test_a_folder_that_became_a_link_is_not_followed(root: Path, state: Path) -> None:
    (root / "sub").mkdir()
    entry = begun(root, state, "sub/f")
    (root / "sub").rename(root / "elsewhere")
    (root / "sub").symlink_to(root / "elsewhere")
    look = brought(entry, "after", state)
    assert reason(look) == "its path leads through a symbolic link or is no folder"
    assert (root / "elsewhere" / "f").read_bytes() == b"now"


def test_a_copy_that_is_gone_or_not_what_it_was_is_not_written(root: Path, state: Path) -> None:
    entry = begun(root, state)
    (entry.folder / "0.then").write_bytes(b"other")
    assert reason(look_back(entry, "after")) == "its copy is not there any more"
    (entry.folder / "0.then").unlink()
    assert reason(look_back(entry, "after")) == "its copy is not there any more"


def test_on_a_full_disk_it_is_as_it_was_and_so_is_the_stage(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = begun(root, state)
    brought(entry, "after", state)
    entry.settle("done")
    monkeypatch.setattr(os, "fsync", FullDisk(root))
    look = look_back(entry, "before")
    failure = put(look, look.fates, entry, "before", state)
    assert isinstance(failure, Failure)
    assert (failure.conflict.reason, failure.left) == ("it cannot be done: No space left on device", ())
    assert [path.name for path in root.iterdir()] == ["f"]
    assert [one.stage for one in Ledger(state).undoable("t", "")] == ["done"]


def test_what_cannot_be_written_down_leaves_nothing_behind(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", FullDisk(state, writes=1))
    with pytest.raises(OSError, match="No space left"):
        begun(root, state)
    assert list(place_of(state).iterdir()) == []


def test_what_was_cut_off_is_swept_away_while_nobody_else_can_go_on_with_it(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = begun(root, state)
    entry.release()
    (root / entry.record.spare).write_bytes(b"half")
    got: list[bool] = []
    unlink = os.unlink

    def unlinked(name: str, *, dir_fd: int | None = None) -> None:
        got.append(entry.hold())
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlinked)
    assert len(Ledger(state).cut_off("t")) == 1
    assert (got, [path.name for path in root.iterdir()]) == ([False], ["f"])
    assert entry.hold(), "it is free again"


def test_names_are_on_disk_as_the_bytes_are(root: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    entry = begun(root, state, then=None)
    assert {state, place_of(state), entry.folder} <= set(synced)
    assert synced[-1] == entry.folder, "once more after the manifest has its name"
    for end in ("after", "before"):
        synced.clear()
        brought(entry, end, state)
        assert root in synced, "a file that goes and one that comes"


def test_all_of_it_is_for_its_owner_alone(root: Path, state: Path) -> None:
    folder = begun(root, state).folder
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (state, place_of(state), folder)} == {0o700}


def test_copies_are_kept_for_so_long_and_so_many(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codex_tui.copies.COPIES_KEPT", 2)
    old, cut, done = begun(root, state, "old"), begun(root, state, "cut"), begun(root, state, "done")
    old.release()
    cut.release()
    done.settle("done")
    long_ago = old.folder.stat().st_mtime - (COPIES_DAYS + 1) * 86_400
    os.utime(old.folder, (long_ago, long_ago))
    more = [begun(root, state, f"{at}") for at in range(2)]
    kept = {path.name for path in place_of(state).iterdir()}
    assert kept == {cut.folder.name, *(one.folder.name for one in more)}, (
        "one that was cut off is kept longer"
    )


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"\xff", b'{"files": [{"path": "/p/f", "copy": "0", "mode": "644"}]}', b'{"files": 1}'],
)
def test_a_manifest_that_is_none_of_a_rewind_hinders_nothing(
    root: Path, state: Path, manifest: bytes
) -> None:
    broken, sound = begun(root, state), begun(root, state)
    broken.settle("done")
    sound.settle("done")
    (broken.folder / "manifest.json").write_bytes(manifest)
    assert [one.folder for one in Ledger(state).undoable("t", "")] == [sound.folder]


def test_a_record_is_read_as_it_was_written() -> None:
    known = thread(turn("u0", said("one")), turn("u1", said("two\nlines \ud800")), turn("u2", said("three")))
    record = record_of(known, "u1", "both", 5.0)
    assert (record.kept_id, record.last_id, record.turns, record.prompt) == (
        "u0",
        "u2",
        2,
        "two\nlines \ud800",
    )
    assert read(json.dumps(written(record)).encode()) == record


def test_it_is_told_whether_the_conversation_went_back() -> None:
    turns = [turn(f"u{at}", said("x")) for at in range(3)]
    record = record_of(thread(*turns), "u1", "both", 0)
    assert talk_of(record, thread(*turns)) == "there"
    assert talk_of(record, thread(turns[2])) == "there", "only the newest turns are known"
    assert talk_of(record, thread(turns[0])) == "back"
    assert talk_of(record, thread(*turns, turn("u3", said("x")))) == "on"
    assert talk_of(record, thread(turns[0], turn("u4", said("x")))) == "on"
    assert talk_of(record_of(thread(*turns), "u0", "both", 0), Thread("t")) == "back"
