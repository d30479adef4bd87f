"""Changes taken back on disk: what is written, what is refused, what is kept."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

import codex_tui.copies
from codex_tui.diffs import FileDiff, file_diff
from codex_tui.diffs.reversal import Conflict
from codex_tui.revert import Reverted, revert, undo
from tests.diffs.made import change_of, hunks_between
from tests.rewind.disk import FullDisk

OLD = "".join(f"line {at}\n" for at in range(30))
NEW = OLD.replace("line 3\n", "three\n").replace("line 20\n", "twenty\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "codex-tui"


def changed(path: Path, old: str | None = OLD, new: str | None = NEW) -> FileDiff:
    """The change; the file holds what it left."""
    if new is not None:
        path.write_bytes(new.encode())
    return change_of(old, new, str(path))


def done(found: Reverted | Conflict) -> Reverted:
    assert isinstance(found, Reverted), found
    return found


def why(found: Reverted | Conflict | None) -> str:
    assert isinstance(found, Conflict), found
    return found.reason


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_is_as_it_was_with_its_rights_and_the_revert_can_be_undone(root: Path, state: Path) -> None:
    path = root / "f.txt"
    file = changed(path)
    path.chmod(0o640)
    taken = done(revert(file, root, state))
    assert (path.read_text(), mode_of(path)) == (OLD, 0o640)
    assert taken.paths == (str(path),)
    assert undo(taken) is None
    assert (path.read_text(), mode_of(path)) == (NEW, 0o640)
    assert [one.name for one in root.iterdir()] == ["f.txt"], "nothing else is left behind"


def test_one_hunk_after_the_other_is_taken_back(root: Path, state: Path) -> None:
    path = root / "f.txt"
    file = changed(path)
    done(revert(file, root, state, hunk=0))
    assert path.read_text() == NEW.replace("three\n", "line 3\n")
    done(revert(file, root, state, hunk=1, reverted=(0,)))
    assert path.read_text() == OLD


def test_bytes_that_are_no_text_and_carriage_returns_stay_as_they_are(root: Path, state: Path) -> None:
    path = root / "f.txt"
    file = change_of("a\r\nb\r\n\n\n\n\n", "a\r\nB\r\n\n\n\n\n", str(path))
    path.write_bytes(b"a\r\nB\r\n\n\n\n\n\xff\xfe\r\x00")
    done(revert(file, root, state))
    assert path.read_bytes() == b"a\r\nb\r\n\n\n\n\n\xff\xfe\r\x00"


def test_what_was_there_is_kept_for_the_person_alone(root: Path, state: Path) -> None:
    path = root / "f.txt"
    taken = done(revert(changed(path), root, state))
    assert (taken.copies / "0").read_text() == NEW
    told = json.loads((taken.copies / "manifest.json").read_text())
    assert told["files"][0]["path"] == str(path)
    for folder in (state, state / "reverts", taken.copies):
        assert mode_of(folder) == 0o700
    assert {mode_of(one) for one in taken.copies.iterdir()} == {0o600}


def test_only_so_many_copies_are_kept(root: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codex_tui.copies, "COPIES_KEPT", 3)
    kept: list[str] = []
    for _ in range(5):
        kept.append(done(revert(changed(root / "f.txt"), root, state)).copies.name)
    assert sorted(one.name for one in (state / "reverts").iterdir()) == sorted(kept[-3:])
    monkeypatch.setattr(codex_tui.copies, "COPIES_BYTES", 10)
    newest = done(revert(changed(root / "f.txt"), root, state)).copies
    assert list((state / "reverts").iterdir()) == [newest], "the newest stays whatever its size"


def test_without_a_copy_nothing_is_written(root: Path, state: Path) -> None:
    state.parent.mkdir()
    state.write_text("not a folder")
    path = root / "f.txt"
    assert why(revert(changed(path), root, state)).startswith("no copy of it can be kept")
    assert path.read_text() == NEW


def test_a_new_file_goes_and_comes_again(root: Path, state: Path) -> None:
    path = root / "n.txt"
    file = changed(path, None, "new\n")
    path.chmod(0o600)
    taken = done(revert(file, root, state, hunk=0))
    assert not path.exists()
    assert undo(taken) is None
    assert (path.read_text(), mode_of(path)) == ("new\n", 0o600)


def test_a_deleted_file_comes_back_with_its_folder(root: Path, state: Path) -> None:
    path = root / "deep" / "er" / "f.sh"
    file = file_diff(str(path), "deleted", change_of("x\n", None).hunks, old_mode="100755")
    old = os.umask(0o027)
    try:
        taken = done(revert(file, root, state))
    finally:
        os.umask(old)
    assert (path.read_text(), mode_of(path)) == ("x\n", 0o750)
    assert undo(taken) is None
    assert not path.exists()


def test_a_moved_file_goes_back_and_both_places_are_undone(root: Path, state: Path) -> None:
    new, old = root / "sub" / "new.py", root / "old.py"
    new.parent.mkdir()
    new.write_text("b\n")
    new.chmod(0o755)
    file = file_diff(str(new), "moved", hunks_between("a\n", "b\n"), old_path=str(old))
    taken = done(revert(file, root, state))
    assert (old.read_text(), mode_of(old), new.exists()) == ("a\n", 0o755, False)
    assert undo(taken) is None
    assert (new.read_text(), mode_of(new), old.exists()) == ("b\n", 0o755, False)


def test_rights_are_taken_back(root: Path, state: Path) -> None:
    path = root / "run"
    path.write_text("x")
    path.chmod(0o750)
    file = file_diff(str(path), "mode", (), old_mode="100644", new_mode="100755")
    taken = done(revert(file, root, state))
    assert mode_of(path) == 0o640
    assert undo(taken) is None
    assert mode_of(path) == 0o750


def test_a_file_that_moved_on_is_left_alone(root: Path, state: Path) -> None:
    path = root / "f.txt"
    file = changed(path)
    path.write_text(NEW.replace("three", "3"))
    found = revert(file, root, state)
    assert found == Conflict(str(path), "the file was changed there since", 1)
    assert path.read_text() == NEW.replace("three", "3")
    assert not state.exists()


def test_a_revert_is_not_undone_over_what_came_after_it(root: Path, state: Path) -> None:
    path = root / "f.txt"
    taken = done(revert(changed(path), root, state))
    path.write_text("mine")
    assert why(undo(taken)) == "the file was changed since"
    assert path.read_text() == "mine"


def test_a_link_is_never_followed(root: Path, state: Path, tmp_path: Path) -> None:
    target = tmp_path / "secret.txt"
    target.write_text(NEW)
    (root / "link.txt").symlink_to(target)
    file = change_of(OLD, NEW, str(root / "link.txt"))
    assert why(revert(file, root, state)) == "it is a symbolic link"
    (tmp_path / "elsewhere").mkdir()
    (root / "dir").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "f.txt").write_text(NEW)
    through = change_of(OLD, NEW, str(root / "dir" / "f.txt"))
    assert why(revert(through, root, state)) == "its path leads through a symbolic link or is no folder"
    gone = change_of("x\n", None, str(root / "dir" / "new.txt"))
    assert why(revert(gone, root, state)) == "its path leads through a symbolic link or is no folder"
    assert target.read_text() == NEW
    assert sorted(one.name for one in (tmp_path / "elsewhere").iterdir()) == ["f.txt"]


def test_a_project_that_is_reached_through_a_link_is_one(root: Path, state: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    changed(root / "f.txt")
    done(revert(change_of(OLD, NEW, str(tmp_path / "link" / "f.txt")), tmp_path / "link", state))
    assert (root / "f.txt").read_text() == OLD
    (root / "f.txt").write_text(NEW)
    done(revert(change_of(OLD, NEW, str(root / "f.txt")), tmp_path / "link", state))
    assert (root / "f.txt").read_text() == OLD


def test_outside_of_the_folder_only_what_the_agent_named_is_written(
    root: Path, state: Path, tmp_path: Path
) -> None:
    path = tmp_path / "outside.txt"
    file = changed(path)
    assert why(revert(file, root, state)) == "it lies outside of the folder that the thread works in"
    taken = done(revert(file, root, state, named={str(path)}))
    assert path.read_text() == OLD
    assert undo(taken) is None
    path.unlink()
    (tmp_path / "other").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "f.txt").write_text(NEW)
    linked = str(tmp_path / "link" / "f.txt")
    found = revert(change_of(OLD, NEW, linked), root, state, named={linked})
    assert why(found) == "its path leads through a symbolic link or is no folder"


@pytest.mark.parametrize("name", ["../p/f.txt", "a/../f.txt", "a//b", ".", "", "x\0y", "x\ud800"])
def test_odd_paths_are_refused(root: Path, state: Path, name: str) -> None:
    path = f"{root}/{name}"
    found = revert(change_of("x\n", None, path), root, state, named={path})
    assert why(found) == "this is no plain absolute path"
    assert (
        why(revert(change_of("x\n", None, name), root, state, named={name}))
        == "this is no plain absolute path"
    )


def test_what_is_no_regular_file_is_refused_at_once(root: Path, state: Path) -> None:
    os.mkfifo(root / "pipe")
    assert why(revert(change_of(OLD, NEW, str(root / "pipe")), root, state)) == "this is no regular file"
    (root / "folder").mkdir()
    assert why(revert(change_of(OLD, NEW, str(root / "folder")), root, state)) == "this is no regular file"


def test_a_file_that_is_too_large_is_refused(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codex_tui.revert.MAX_FILE", 100)
    assert why(revert(changed(root / "f.txt"), root, state)) == "the file is too large"


def test_a_root_that_is_gone_is_said(tmp_path: Path, state: Path) -> None:
    gone = tmp_path / "gone"
    assert why(revert(change_of(OLD, NEW, str(gone / "f")), gone, state)).startswith("it cannot be done")


def test_when_the_second_file_changes_meanwhile_the_first_is_as_before(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = root / "new.txt", root / "old.txt"
    new.write_text("b\n")
    file = file_diff(str(new), "moved", hunks_between("a\n", "b\n"), old_path=str(old))
    replace = os.replace

    def replace_while_somebody_writes(*args: Any, **kwargs: Any) -> None:
        replace(*args, **kwargs)
        new.write_text("somebody else's\n")

    monkeypatch.setattr(os, "replace", replace_while_somebody_writes)
    assert why(revert(file, root, state)) == "the file is being changed by something else"
    assert not old.exists()
    assert new.read_text() == "somebody else's\n"


def test_when_the_disk_is_full_nothing_is_left_behind(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = changed(root / "f.txt")
    monkeypatch.setattr(os, "fsync", FullDisk(root))
    assert why(revert(file, root, state)) == "it cannot be done: No space left on device"
    assert [one.name for one in root.iterdir()] == ["f.txt"]
    assert (root / "f.txt").read_text() == NEW
