"""Diffs as they are read."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.diffs import FileDiff, Line, file_diff, read_change, read_diff, read_hunks
from codex_tui.diffs.parse import MAX_DIFF, PIECE, legacy_update, read_beginning, read_update
from codex_tui.protocol.items import FileUpdate
from tests.diffs.made import change_of, written, written_hunks

texts = st.text(st.sampled_from("ab \t\r\\+-@é\ud800\x00"), max_size=6)
contents = st.lists(texts, max_size=12).map("\n".join)


def change(path: str, kind: str, diff: str, moved: str | None = None) -> FileUpdate:
    kinds: dict[str, Any] = {"type": kind, "move_path": moved}
    return FileUpdate.model_validate({"path": path, "kind": kinds, "diff": diff})


def test_lines_have_their_numbers_in_both_files() -> None:
    (hunk,) = read_hunks("@@ -9,3 +19,3 @@ class Calc:\n a\n-b\n+B\n c\n")
    assert hunk.header == "class Calc:"
    assert hunk.whole
    assert tuple(hunk.lines) == (
        Line(" ", 9, 19, "a"),
        Line("-", 10, None, "b"),
        Line("+", None, 20, "B"),
        Line(" ", 11, 21, "c"),
    )
    assert (hunk.added, hunk.removed, hunk.old_count, hunk.new_count) == (1, 1, 3, 3)


def test_the_engine_s_kinds_are_read() -> None:
    moved = "@@ -1 +1 @@\n-a\n+b\n\n\nMoved to: /p/new"
    assert read_change(change("/p/f", "add", "x\ny\n")) == change_of(None, "x\ny\n")
    assert read_change(change("/p/f", "delete", "x\ny")) == change_of("x\ny", None)
    assert read_change(change("/p/f", "update", "@@ -1 +1 @@\n-a\n+b\n")) == change_of("a\n", "b\n")
    file = read_change(change("/p/old", "update", moved, "/p/new"))
    assert (file.kind, file.old_path, file.path) == ("moved", "/p/old", "/p/new")
    assert file.hunks == change_of("a\n", "b\n").hunks


def test_an_unknown_kind_is_read_as_hunks_and_says_so() -> None:
    file = read_change(change("x", "odd", "@@ -1 +1 @@\n-a\n+b\n"))
    assert (file.kind, file.added, file.note) == ("changed", 1, "of an unknown kind: odd")


def test_a_git_diff_of_many_kinds_is_read() -> None:
    diff = (
        "diff --git a/new.txt b/new.txt\nnew file mode 100755\nindex 0000..1111\n"
        "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        "diff --git a/gone.txt b/gone.txt\ndeleted file mode 100644\nindex 1111..0000\n"
        "diff --git a/from x.txt b/to x.txt\nsimilarity index 90%\n"
        "rename from from x.txt\nrename to to x.txt\nindex 11..22 100644\n"
        "--- a/from x.txt\t\n+++ b/to x.txt\t\n@@ -1 +1 @@ f()\n-a\n+b\n"
        "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
        "diff --git a/p.png b/p.png\nindex 11..22 100644\nBinary files a/p.png and b/p.png differ\n"
        'diff --git "a/t\\tb\\303\\251" "b/t\\tb\\303\\251"\nindex 11..22 100644\n'
        '--- "a/t\\tb\\303\\251"\n+++ "b/t\\tb\\303\\251"\n@@ -1 +1 @@\n-a\n'
        "\\ No newline at end of file\n+b\n"
        "diff --git a//etc/lab b//etc/lab\nindex 1..2\n--- a//etc/lab\n+++ b//etc/lab\n@@ -1 +1 @@\n-a\n+b\n"
    )
    files = read_diff(diff)
    assert [(file.kind, file.old_path, file.path, file.added, file.removed) for file in files] == [
        ("new", "", "new.txt", 2, 0),
        ("deleted", "", "gone.txt", 0, 0),
        ("moved", "from x.txt", "to x.txt", 1, 1),
        ("mode", "", "run", 0, 0),
        ("binary", "", "p.png", 0, 0),
        ("changed", "", "t\tbé", 1, 1),
        ("changed", "", "/etc/lab", 1, 1),
    ]
    assert files[0].new_mode == "100755"
    assert (files[3].old_mode, files[3].new_mode) == ("100644", "100755")
    assert not any(file.doubt or file.note for file in files)


def test_a_line_that_looks_like_a_header_is_a_line() -> None:
    (hunk,) = read_hunks("@@ -1,2 +1,2 @@\n--- a\n+++ b\n")
    assert [(line.sign, line.text) for line in hunk.lines] == [("-", "-- a"), ("+", "++ b")]
    (file,) = read_diff(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-diff --git a/y b/y\n+@@ -1 +1 @@\n"
    )
    assert [line.text for line in file.hunks[0].lines] == ["diff --git a/y b/y", "@@ -1 +1 @@"]


def test_a_plain_unified_diff_is_read_too() -> None:
    files = read_diff(
        "--- a/x\t2026-01-01\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- old\n+++ new\n@@ -1 +1 @@\n-a\n+b\n"
    )
    assert [(file.path, file.added) for file in files] == [("x", 1), ("new", 1)]


def test_what_is_no_diff_is_kept_and_said() -> None:
    (file,) = read_diff("hello\nworld\n")
    assert [line.text for line in file.hunks[0].lines] == ["hello", "world"]
    assert file.doubt == "parts of this diff could not be read"
    update = read_change(change("x", "update", "@@\n-a\n+b\n"))
    assert [line.sign for hunk in update.hunks for line in hunk.lines] == ["?", "?", "?"]
    (hunk,) = read_hunks("@@ -1 +1 @@\n-a\nodd\n+b\n")
    assert [line.sign for line in hunk.lines] == ["-", "?", "+"]


def test_a_hunk_that_is_shorter_than_it_says_is_known_to_be() -> None:
    file = read_change(change("x", "update", "@@ -1,9 +1,9 @@\n a\n-b\n+c\n"))
    assert not file.hunks[0].whole
    assert file.doubt == "a hunk has more or fewer lines than it says"


def test_paths_in_conflict_are_files_of_their_own() -> None:
    files = read_diff("* Unmerged path a b.txt\ndiff --git a/x b/x\nold mode 100644\nnew mode 100755\n")
    assert [(file.path, file.note) for file in files] == [("a b.txt", "not merged"), ("x", "")]


def test_an_older_engine_s_change_is_put_into_today_s_words() -> None:
    moved = legacy_update(
        "/p/a", {"type": "update", "unified_diff": "@@ -1 +1 @@\n-a\n+b\n", "move_path": "/p/b"}
    )
    assert moved is not None
    assert read_change(moved).old_path == "/p/a"
    assert legacy_update("/p/a", {"type": "update", "content": "x"}) is None
    assert legacy_update("/p/a", {"type": "add", "content": "x", "move_path": 1}) is None


def test_a_diff_of_twenty_megabytes_is_read_quickly_and_more_is_left_out_with_a_note() -> None:
    head = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,0 +1,9 @@\n"
    line = "+" + "x" * 62 + "\n"
    diff = head + line * (MAX_DIFF // len(line) + 1000)
    began = time.process_time()
    (file,) = read_diff(diff)
    assert time.process_time() - began < 3.0, "a third of a second is usual"
    assert sum(len(raw) + 1 for raw in file.hunks[0].raw) <= MAX_DIFF
    assert file.note.endswith("characters more were left out")


def test_a_line_of_a_megabyte_is_one_line() -> None:
    (hunk,) = read_hunks("@@ -1 +1 @@\n-" + "a" * 1_000_000 + "\n+b\n")
    assert len(hunk.lines[0].text) == 1_000_000
    file = read_update("x", "add", "", "a" * (MAX_DIFF + 5))
    assert (len(file.hunks[0].raw[0]), file.note) == (MAX_DIFF + 1, "5 characters more were left out")


PATHS = st.lists(st.text("ab c/.", min_size=1, max_size=8), min_size=2, max_size=2, unique=True)


@st.composite
def files(draw: st.DrawFn) -> FileDiff:
    kind = draw(st.sampled_from(["new", "deleted", "changed", "moved", "mode"]))
    name, other = draw(PATHS)
    path = f"x{name}x"
    old, new = draw(contents), draw(contents)
    modes = ("100644", "100755")
    if kind == "new":
        return file_diff(path, "new", change_of(None, new).hunks, new_mode=modes[0])
    if kind == "deleted":
        return file_diff(path, "deleted", change_of(old, None).hunks, old_mode=modes[1])
    if kind == "mode" or (old == new and kind == "changed"):
        return file_diff(path, "mode", (), old_mode=modes[0], new_mode=modes[1])
    hunks = change_of(old, new).hunks
    if kind == "moved":
        return file_diff(path, "moved", hunks, old_path=f"y{other}y")
    return file_diff(path, "changed", hunks)


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("width", [7, PIECE - 1, PIECE, 3 * PIECE])
def test_lines_are_the_same_however_long_the_text_is(width: int, end: str) -> None:
    lines = [f" {at}" + "x" * (width if at % 3 else 0) for at in range(max(4, 2 * PIECE // width))]
    diff = "@@ -1 +1 @@\n" + "\n".join(lines) + end
    (hunk,) = read_hunks(diff)
    assert list(hunk.raw) == [line or " " for line in diff.removesuffix("\n").split("\n")[1:]]


@given(st.lists(files(), min_size=1, max_size=4))
def test_what_was_written_is_read_again(made: list[FileDiff]) -> None:
    assert read_diff(written(made)) == tuple(made)


@given(st.lists(files(), min_size=1, max_size=3))
def test_of_a_diff_that_goes_on_the_beginning_is_read(made: list[FileDiff]) -> None:
    lines = [f"{line}\n" for line in written(made).split("\n")]
    for end in range(len(lines)):
        *before, last = read_beginning("".join(lines[:end])) or (None,)
        assert before == made[: len(before)]
        if last is None:
            continue
        whole = made[len(before)]
        assert (last.path, last.kind, last.doubt) == (whole.path, whole.kind, "")
        said = [raw for hunk in last.hunks for raw in hunk.raw]
        assert said == [raw for hunk in whole.hunks for raw in hunk.raw][: len(said)]


def test_two_names_with_blanks_are_told_apart_by_the_lines_after_them() -> None:
    (file,) = read_diff("diff --git a/x b/x b/x b/x\n--- a/x b/x\n+++ b/x b/x\n@@ -1 +1 @@\n-a\n+b\n")
    assert (file.kind, file.path) == ("changed", "x b/x")


@given(contents, contents)
def test_hunks_written_are_read_again(old: str, new: str) -> None:
    hunks = change_of(old, new).hunks
    assert read_hunks(written_hunks(hunks)) == hunks


WORDS = st.sampled_from(
    [
        *(
            "+a",
            "-b",
            " c",
            "",
            "\\ x",
            "@@ -1 +1 @@",
            "?",
            "+",
            "@@",
            "@@ -0,0 +1,2 @@ f",
            "--- a/x",
            "+++ b/x",
        ),
        *(
            "diff --git a/x b/x",
            'diff --git "a/\\1',
            "--- /dev/null",
            "+++ /dev/null",
            "rename from",
            "old mode ",
        ),
        *(
            "index",
            "Binary files a and b differ",
            "GIT binary patch",
            "* Unmerged path x",
            "copy from y",
            "similarity",
        ),
        *(
            "@@ -999999999,1 +999999999,1 @@",
            "@@ -9999999999 +1 @@",
            '--- "\\777"',
            "diff --git",
            "diff --git  b/",
        ),
    ]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=20))
def test_no_text_is_refused_and_every_line_of_a_hunk_is_kept(lines: list[str]) -> None:
    diff = "\n".join([*lines, "end"])
    whole = diff.split("\n")
    for file in read_diff(diff):
        assert file.added == sum(line.sign == "+" for hunk in file.hunks for line in hunk.lines)
        assert isinstance(file.doubt, str)
    hunks = read_hunks(diff)
    heads = sum(hunk.known for hunk in hunks)
    assert sum(len(hunk.raw) for hunk in hunks) + heads == len(whole)
    assert "".join(raw[1:] for hunk in hunks for raw in hunk.raw).endswith("end"[1:])


@pytest.mark.parametrize("kind", ["add", "delete", "update", "odd"])
@given(diff=st.text(), moved=st.text())
def test_no_change_of_the_engine_s_is_refused(kind: str, diff: str, moved: str) -> None:
    assert read_update("x", kind, moved, diff).path in ("x", moved)
