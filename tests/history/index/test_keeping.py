"""The index as people need it: all that was said is found, and it stays as the files are."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.history.index import Found, Index, keeping
from codex_tui.history.index.files import RolloutFile
from codex_tui.history.index.reading import Piece, Reading
from codex_tui.history.index.store import throw_away
from tests.history.index.rollouts import GENERATIONS, Home, head, item, rolled_back, thread, turn

SECONDS = 20.0
EXAMPLES = max(25, settings.default.max_examples // 4) if settings.default else 25


def refreshed(index: Index) -> Index:
    index.refresh()
    assert index.wait(SECONDS)
    return index


@contextmanager
def indexed(home: Path, state: Path) -> Generator[Index]:
    index = Index(home, state)
    try:
        yield refreshed(index)
    finally:
        index.close()


def find(index: Index, wanted: str, *, archived: bool = False) -> list[Found]:
    return list(index.find(wanted, archived=archived, limit=100))


def threads(index: Index, wanted: str, *, archived: bool = False) -> list[str]:
    return [found.thread_id for found in find(index, wanted, archived=archived)]


def contents(state: Path) -> list[tuple[Any, ...]]:
    """All that a store keeps, but for the numbers of its files."""
    (path,) = (state / "said").glob("*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        return db.execute(
            'SELECT path, thread, archived, size, changed, done, "offset", f.turn, f.turn_id, count, told, '
            "p.id & 65535, p.turn, p.turn_id, agent, spare, text "
            "FROM files f LEFT JOIN places p ON p.id >> 16 = f.id ORDER BY path, p.id"
        ).fetchall()


def test_it_finds_parts_of_words_in_any_script_whatever_they_mean_to_sqlite(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["How long does dough rest?", "発酵には時間がかかります。 100%"])
    home.talk(2, ['say "div" OR NOT x*', "it's NEAR(a, b) {said}:^1 🥖"], ["größer"])
    with indexed(home.folder, tmp_path) as index:
        for wanted in ("dough", "OUGH Re", "発酵", "発酵には", "間", "100%", "。", "w"):
            assert threads(index, wanted) == [thread(1)], wanted
        for wanted in ('"div"', '"div" OR', "NOT x*", "x*", "NEAR(", "{said}:^1", "it's", "🥖", "GRÖ", '"'):
            assert threads(index, wanted) == [thread(2)], wanted
        for wanted in ("rest dough", "long  does", "div OR x", "told", "zz", "発間", "", "_o", "d_v"):
            assert threads(index, wanted) == [], wanted


def test_the_newest_thread_comes_first_with_its_newest_place_and_how_many_there_are(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt it"], ["again: " + "so " * 99 + "SALT it" + " and so on" * 99])
    home.talk(2, ["salt"], ["and the salt?", "saltier"])
    home.talk(3, ["pepper"])
    with indexed(home.folder, tmp_path) as index:
        two, one = find(index, "salt")
        assert (two.thread_id, two.snippet, two.places, two.turn_id) == (thread(2), "saltier", 3, "u1")
        assert (one.thread_id, one.places) == (thread(1), 2)
        assert one.snippet.startswith("…")
        assert "SALT it and so on" in one.snippet
        assert len(one.snippet) < 200
        assert [found.thread_id for found in index.find("salt", archived=False, limit=1)] == [thread(2)]
        assert (index.count(thread(1), "salt"), index.count(thread(3), "salt")) == (2, 0)


def test_files_of_one_thread_are_one_hit(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    old = home.talk(1, ["salt"], ["salt"])
    home.append(old.with_name(old.name.replace(".jsonl", f"_{thread(7)}.jsonl")), turn("items", "u", "salt!"))
    with indexed(home.folder, tmp_path) as index:
        assert find(index, "salt") == [Found(thread(1), "salt!", 3, "u")]
        assert index.count(thread(1), "salt") == 3


def test_it_follows_what_is_archived_and_what_is_deleted(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    one = home.talk(1, ["salt"])
    home.talk(2, ["salt"])
    with indexed(home.folder, tmp_path) as index:
        away = home.path(1, archived=True)
        away.parent.mkdir()
        one.rename(away)
        home.path(2).unlink()
        assert threads(refreshed(index), "salt") == []
        assert threads(index, "salt", archived=True) == [thread(1)]


def test_only_what_was_added_to_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    path = home.talk(1, *([f"prompt {at}"] for at in range(50)))
    home.talk(2, ["another"])
    offsets: list[int] = []
    real = keeping.read_piece

    def noted(file: BinaryIO, reading: Reading) -> Piece:
        offsets.append(reading.offset)
        return real(file, reading)

    monkeypatch.setattr(keeping, "read_piece", noted)
    with indexed(home.folder, tmp_path) as index:
        assert sorted(offsets) == [0, 0]
        before = path.stat().st_size
        refreshed(index)
        assert len(offsets) == 2
        home.append(path, turn("events", "u", "salt"))
        assert threads(refreshed(index), "salt") == [thread(1)]
        assert offsets[2:] == [before]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
SAID = st.lists(
    st.one_of(WORDS, st.sampled_from(["salt", "Salt,", "発酵", '"', "a"])), min_size=1, max_size=5
).map(" ".join)


class Library:
    """Files as they are changed at random, and the index that follows them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.home = Home(place / "home")
        self.index = Index(self.home.folder, place / "kept")
        self.turns = 0

    def change(self, draw: Callable[[Any], Any]) -> None:
        number = draw(st.integers(0, 2))
        archived = draw(st.booleans())
        path = self.home.path(number, archived=archived)
        kind = draw(st.sampled_from(["say", "say", "say", "roll back", "damage", "cut", "delete", "anew"]))
        if kind == "anew" or not path.exists():
            self.home.write(number, head(draw(st.sampled_from(GENERATIONS))), archived=archived)
        if kind == "say":
            self.turns += 1
            said = draw(st.lists(SAID, min_size=1, max_size=3))
            self.home.append(path, turn(draw(st.sampled_from(GENERATIONS)), f"u{self.turns}", *said))
        elif kind == "roll back":
            self.home.append(path, rolled_back(draw(st.integers(0, 3))))
        elif kind == "damage":
            self.home.append(
                path, draw(st.sampled_from([b"\xff\n", b'{"type": "event_msg"', b"{}\n", b"\n"]))
            )
        elif kind == "cut":
            with path.open("r+b") as file:
                file.truncate(draw(st.integers(0, path.stat().st_size)))
            self.home.touch(path)
        elif kind == "delete":
            path.unlink()


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_however_the_files_change_it_is_as_one_made_anew(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for _ in range(data.draw(st.integers(1, 7))):
            library.change(data.draw)
            if data.draw(st.booleans()):
                refreshed(library.index)
        refreshed(library.index).close()
        assert library.index.trouble == ""
        with indexed(library.home.folder, library.place / "new"):
            pass
        assert contents(library.place / "kept") == contents(library.place / "new")


@settings(max_examples=EXAMPLES)
@given(
    st.sampled_from(GENERATIONS),
    st.lists(st.lists(SAID, min_size=1, max_size=3), min_size=1, max_size=3),
    st.data(),
)
def test_every_word_that_was_said_is_found(
    generation: Any, said: list[list[str]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        path = home.talk(1, *said, generation=generation)
        with indexed(home.folder, Path(folder)) as index:
            more = data.draw(SAID)
            home.append(path, turn(generation, "more", more))
            refreshed(index)
            for text in [*(text for texts in said for text in texts), more]:
                for wanted in {text, text.swapcase(), *text.split()}:
                    if text.strip() and wanted.casefold() in text.casefold() and _one_case(wanted, text):
                        assert threads(index, wanted) == [thread(1)], (wanted, text)


def _one_case(wanted: str, text: str) -> bool:
    """As written, or with other capitals of letters whose capitals are one letter for everybody."""
    return wanted in text or text.isascii()


# -- trouble ---------------------------------------------------------------------------------


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt"])
    before = os.umask(0)
    try:
        with indexed(home.folder, tmp_path / "state" / "ours"):
            folder = tmp_path / "state" / "ours" / "said"
            rights = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
            assert (stat.S_IMODE(folder.stat().st_mode), rights) == (0o700, {0o600})
            assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)


@pytest.mark.parametrize("damage", [b"no database at all" * 99, b""])
def test_a_damaged_one_is_thrown_away_and_made_anew(tmp_path: Path, damage: bytes) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt"])
    with indexed(home.folder, tmp_path):
        (path,) = (tmp_path / "said").glob("*.sqlite")
    path.write_bytes(damage)
    with indexed(home.folder, tmp_path) as index:
        assert (threads(index, "salt"), index.trouble) == ([thread(1)], "")


def test_damage_inside_is_found_by_a_search_and_mended_in_the_background(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for number in range(40):
        home.talk(number, [f"salt {number} " + "x y z " * 200])
    with indexed(home.folder, tmp_path):
        pass
    (path,) = (tmp_path / "said").glob("*.sqlite")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    index = Index(home.folder, tmp_path)
    assert find(index, "salt") == []
    assert index.wait(SECONDS)
    assert len(threads(index, "salt")) == 40
    assert index.trouble == ""
    index.close()


def test_a_search_leaves_a_damaged_file_to_the_thread_that_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt it"])
    with indexed(home.folder, tmp_path):
        pass
    (path,) = (tmp_path / "said").glob("*.sqlite")
    path.write_bytes(b"no database at all" * 99)
    who: list[str] = []

    def noted(path: Path) -> None:
        who.append(threading.current_thread().name)
        throw_away(path)

    monkeypatch.setattr(keeping, "throw_away", noted)
    index = Index(home.folder, tmp_path)
    assert find(index, "salt") == []
    assert index.wait(SECONDS)
    assert (threads(index, "salt"), who, index.trouble) == ([thread(1)], ["said"], "")
    index.close()


def test_without_a_place_to_keep_it_the_newest_files_are_searched_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt " * 500])
    home.talk(2, ["salt"])
    monkeypatch.setattr(keeping, "IN_MEMORY", 2500)
    (tmp_path / "state").write_text("no folder")
    with indexed(home.folder, tmp_path / "state") as index:
        assert threads(index, "salt") == [thread(2)]
        assert index.trouble == "no index of what was said can be kept: Not a directory"
        home.append(home.path(2), turn("events", "u", "pepper"))
        assert threads(refreshed(index), "pepper") == [thread(2)]
        assert index.count(thread(2), "salt") == 1


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt"])
    with indexed(home.folder, tmp_path):
        (path,) = (tmp_path / "said").glob("*.sqlite")
    path.unlink()
    (tmp_path / "precious").write_text("not ours")
    path.symlink_to(tmp_path / "precious")
    with indexed(home.folder, tmp_path) as index:
        assert threads(index, "salt") == [thread(1)]
        assert index.trouble.startswith("no index of what was said can be kept")
    assert (tmp_path / "precious").read_text() == "not ours"


def test_a_full_disk_is_said_and_the_search_goes_on_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt " + " ".join(str(number) for number in range(9999))])
    with indexed(tmp_path / "home" / "empty", tmp_path):
        pass

    class Full(keeping.Store):
        """A store that may have so many pages as it has now: SQLite says the disk is full."""

        def __init__(self, path: Path | None) -> None:
            super().__init__(path)
            if path is not None:
                self._db.execute("PRAGMA max_page_count = 1")

    monkeypatch.setattr(keeping, "Store", Full)
    with indexed(home.folder, tmp_path) as index:
        assert threads(index, "salt") == [thread(1)]
        assert index.trouble == "no index of what was said can be kept: the disk is full"


def test_what_took_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.talk(1, ["salt"])
    (file,) = keeping.rollouts(home.folder)
    home.path(1).unlink()
    os.mkfifo(home.path(1))

    def as_before(_home: Path) -> list[RolloutFile]:
        return [file]

    monkeypatch.setattr(keeping, "rollouts", as_before)
    with indexed(home.folder, tmp_path) as index:
        assert (threads(index, "salt"), index.trouble) == ([], "")


def test_whoever_ends_it_loses_nothing_that_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    for number in range(30):
        home.talk(number, ["salt"])
    real, begun, goes_on = keeping.read_piece, threading.Event(), threading.Event()
    read: list[str] = []

    def slow(file: BinaryIO, reading: Reading) -> Piece:
        read.append(file.name)
        if len(read) == 10:
            begun.set()
            assert goes_on.wait(SECONDS)
        return real(file, reading)

    monkeypatch.setattr(keeping, "read_piece", slow)
    index = Index(home.folder, tmp_path)
    index.refresh()
    assert begun.wait(SECONDS)
    assert index.progress == keeping.Progress(9, 30)
    threading.Timer(0.05, goes_on.set).start()
    index.close()
    assert len(read) == 10
    with indexed(home.folder, tmp_path) as again:
        assert len(threads(again, "salt")) == 30
    assert len(read) == 30


def test_two_clients_keep_one_index(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for number in range(20):
        home.talk(number, ["salt"], [f"number {number}"])
    one, two = Index(home.folder, tmp_path), Index(home.folder, tmp_path)
    for index in (one, two):
        index.refresh()
    for index in (one, two):
        assert index.wait(SECONDS)
        assert (len(threads(index, "salt")), index.trouble) == (20, "")
    one.close()
    two.close()


def test_indexes_of_other_homes_go_when_there_are_many_and_the_own_when_it_is_not_needed(
    tmp_path: Path,
) -> None:
    for number in range(keeping.KEPT + 2):
        home = Home(tmp_path / f"home{number}")
        home.write(1, item("u", "UserMessage", "salt"))
        with indexed(home.folder, tmp_path) as index:
            assert threads(index, "salt") == [thread(1)]
    assert len(list((tmp_path / "said").iterdir())) <= keeping.KEPT + 1
    with indexed(tmp_path / "home0", tmp_path) as index:
        before = len(list((tmp_path / "said").glob("*.sqlite")))
        index.remove()
        assert len(list((tmp_path / "said").glob("*.sqlite"))) == before - 1
        assert find(index, "salt") == []
