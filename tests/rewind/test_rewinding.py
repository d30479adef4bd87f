"""Files on disk are taken back with copies, all or none, and that can be undone."""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from codex_tui.diffs.sources import ThreadDiffs
from codex_tui.ledger import Entry, Ledger
from codex_tui.rewind import Fate, undone_files, written_over
from codex_tui.rewind.record import Record
from codex_tui.rewinding import Failure, Look, look_ahead, look_back, put
from codex_tui.rewinding import take_back as taken_back
from codex_tui.session.transcript import Thread
from tests.rewind.disk import FullDisk
from tests.rewind.made import Files, patch, patched, said, thread, turn
from tests.rewind.test_plan import CHANCES, NUMBERED, history


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "p"
    folder.mkdir()
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def fill(root: Path, files: Files) -> None:
    for path, text in files.items():
        place = root / path.removeprefix("/p/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())


def contents(root: Path) -> dict[str, str]:
    found = [path for path in root.rglob("*") if path.is_file()]
    return {f"/p/{path.relative_to(root)}": path.read_bytes().decode() for path in found}


def placed(known: Thread, root: Path) -> Thread:
    """The thread with the paths of `/p` below `root`."""
    from dataclasses import replace

    from codex_tui.protocol.items import FileChange
    from codex_tui.session.series import Series
    from codex_tui.session.transcript import Settings

    def at(path: str | None) -> str | None:
        return f"{root}{path[2:]}" if path else path

    turns = list(known.turns)
    for number, one in enumerate(turns):
        items = list(one.items)
        for index, item in enumerate(items):
            if isinstance(body := item.body, FileChange):
                changes = [
                    change.model_copy(
                        update={
                            "path": at(change.path),
                            "kind": change.kind.model_copy(update={"move_path": at(change.kind.move_path)}),
                        }
                    )
                    for change in body.changes
                ]
                items[index] = replace(item, body=body.model_copy(update={"changes": tuple(changes)}))
        turns[number] = replace(one, items=Series(items))
    return replace(known, turns=Series(turns), settings=Settings(cwd=str(root)))


def looked(known: Thread, turn_id: str, root: Path) -> Look:
    diffs = ThreadDiffs()
    known = placed(known, root)
    over = written_over(known, turn_id, diffs)
    return look_ahead(undone_files(known, turn_id, diffs), root, diffs.paths(known), over)


def one_turn(before: Files, after: Files) -> Thread:
    return thread(turn("u0", said("go"), patched(patch(before, after), "p")))


def clean(look: Look) -> Sequence[Fate]:
    return [fate for fate in look.fates if fate.conflict is None]


def take_back(look: Look, fates: Sequence[Fate], state: Path) -> Entry | Failure:
    record = Record("files", "t", "u0", root=str(look.root))
    return taken_back(look, fates, Ledger(state), record)


def done(found: Entry | Failure) -> Entry:
    """It went well, and is at its end."""
    assert isinstance(found, Entry), found
    found.settle("done")
    return found


def undo(entry: Entry, state: Path) -> Failure | None:
    """Put back what is not in conflict."""
    look = look_back(entry, "before")
    return put(look, clean(look), entry, "before", state)


@given(chance=CHANCES)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_k_of_n_turns_on_disk_and_undone_again(
    chance: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root, state = tmp_path_factory.mktemp("p"), tmp_path_factory.mktemp("state")
    made = history({"/p/a.py": NUMBERED}, 3, chance, whole=False)
    fill(root, made.folders[-1])
    at = chance.randrange(3)
    look = looked(made.thread, f"u{at}", root)
    found = take_back(look, look.fates, state)
    assert contents(root) == made.folders[at]
    assert undo(done(found), state) is None
    assert contents(root) == made.folders[-1]


BEFORE = {"/p/a": "a\n", "/p/b": "b\n", "/p/gone": "bye\n"}
AFTER = {"/p/a": "A\n", "/p/b": "B\n", "/p/new": "hello\n"}


def test_what_the_files_held_is_kept_for_their_owner_alone(root: Path, state: Path) -> None:
    fill(root, AFTER)
    (root / "a").chmod(0o640)
    found = done(take_back(look := looked(one_turn(BEFORE, AFTER), "u0", root), look.fates, state))
    assert contents(root) == BEFORE
    assert stat.S_IMODE((root / "a").stat().st_mode) == 0o640
    kept = {path.read_text() for path in found.folder.iterdir() if path.name.isdigit()}
    assert kept == {"A\n", "B\n", "hello\n"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.folder.iterdir()} == {0o600}
    assert stat.S_IMODE(found.folder.stat().st_mode) == 0o700


def test_a_file_that_changes_after_the_preview_stops_all(root: Path, state: Path) -> None:
    fill(root, AFTER)
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    (root / "b").write_text("theirs\n")
    found = take_back(look, look.fates, state)
    assert isinstance(found, Failure)
    assert found.conflict.path == str(root / "b")
    assert found.left == ()
    assert contents(root) == {**AFTER, "/p/b": "theirs\n"}


def test_what_cannot_be_put_back_is_told(root: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(root, AFTER)
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    (root / "b").write_text("theirs\n")
    monkeypatch.setattr(os, "fsync", FullDisk(root, writes=1))
    found = take_back(look, look.fates, state)
    assert isinstance(found, Failure)
    assert found.left == (str(root / "a"),)


def test_without_a_place_for_copies_nothing_is_written(root: Path, tmp_path: Path) -> None:
    fill(root, AFTER)
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    (tmp_path / "state").write_text("a file where the folder should be")
    found = take_back(look, look.fates, tmp_path / "state")
    assert isinstance(found, Failure)
    assert found.conflict.reason.startswith("no copy of it can be kept")
    assert contents(root) == AFTER


def test_conflicts_stay_unless_they_are_chosen(root: Path, state: Path) -> None:
    fill(root, {**AFTER, "/p/new": "theirs\n"})
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    done(take_back(look, clean(look), state))
    assert contents(root) == {**BEFORE, "/p/new": "theirs\n"}
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    assert clean(look)
    done(take_back(look, look.fates, state))
    assert contents(root) == BEFORE


def test_nothing_is_written_through_a_link_and_the_others_are_no_worse_for_it(
    root: Path, state: Path
) -> None:
    fill(root, AFTER)
    (root / "b").unlink()
    (root / "b").symlink_to(root / "a")
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    (fate,) = [one for one in look.fates if one.conflict is not None]
    assert fate.conflict is not None
    assert (fate.conflict.reason, fate.can_force) == ("it is a symbolic link", False)
    done(take_back(look, look.fates, state))
    assert (root / "a").read_text() == "a\n"


def test_when_all_is_as_it_was_nothing_is_written(root: Path, state: Path) -> None:
    fill(root, BEFORE)
    look = looked(one_turn(BEFORE, AFTER), "u0", root)
    done(take_back(look, look.fates, state))
    assert list((state / "reverts").iterdir()) == []
