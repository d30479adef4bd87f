"""Changes to files, as read and as painted."""

from __future__ import annotations

from typing import Any

from codex_tui.paint.diff import paint_change
from codex_tui.paint.look import Look
from codex_tui.protocol.items import FileUpdate


def change(path: str, kind: str, diff: str, moved: str | None = None) -> FileUpdate:
    kinds: dict[str, Any] = {"type": kind, "move_path": moved}
    return FileUpdate.model_validate({"path": path, "kind": kinds, "diff": diff})


def painted(*changes: FileUpdate, width: int = 60, limit: int | None = None) -> list[str]:
    look = Look(width=width)
    return [strip.text[4:] for one in changes for strip in paint_change(one, look, "/home/dev/p", limit)]


def test_a_change_shows_numbers_signs_and_what_is_between_hunks() -> None:
    diff = "@@ -9,3 +9,4 @@ class Calc:\n a\n-b\n+B\n+C\n d\n@@ -50,1 +51,1 @@\n-x\n+y\n"
    assert painted(change("/home/dev/p/calc.py", "update", diff)) == [
        "calc.py  +3 −2",
        "   ⋮   class Calc:",
        "   9   a",
        "  10 − b",
        "  10 + B",
        "  11 + C",
        "  12   d",
        "   ⋮",
        "  50 − x",
        "  51 + y",
    ]


def test_new_deleted_and_moved_files_say_so() -> None:
    moved = "/home/dev/p/b.txt"
    rows = painted(
        change("/home/dev/p/new.txt", "add", "one\ntwo\n"),
        change("/elsewhere/gone.txt", "delete", "bye\n"),
        change("/home/dev/p/a.txt", "update", f"@@ -1 +1 @@\n-a\n+b\n\n\nMoved to: {moved}", moved),
    )
    assert rows == [
        "new.txt  +2 −0  added",
        "  1 + one",
        "  2 + two",
        "/elsewhere/gone.txt  +0 −1  deleted",
        "  1 − bye",
        "a.txt → b.txt  +1 −1  moved",
        "  1 − a",
        "  1 + b",
    ]


def test_what_is_no_diff_is_shown_raw() -> None:
    assert painted(change("x", "update", "not a diff\nat all")) == ["x  +0 −0", "  not a diff", "  at all"]
    assert painted(change("x", "odd", "@@ broken @@\n+a"))[1:] == ["  @@ broken @@", "  +a"]


def test_a_missing_line_end_is_said() -> None:
    assert painted(change("x", "add", "a"))[1:] == ["  1 + a", "    \\  No newline at end of file"]


def test_changes_of_blanks_alone_can_be_seen() -> None:
    diff = "@@ -1,2 +1,2 @@\n-\tx\n+        x\n-end\n+end  \n same\n"
    assert painted(change("x", "update", diff))[1:] == [
        "  1 − →       x",
        "  1 +         x",
        "  2 − end",
        "  2 + end··",
        "  3   same",
    ]


def test_carriage_returns_and_hidden_characters_are_seen() -> None:
    assert painted(change("x", "update", "@@ -1 +1 @@\n-a\r\n+a\u202e\n"))[1:] == [
        "  1 − a\\x0d",
        "  1 + a<U+202E>",
    ]


def test_no_line_is_left_out_without_a_limit() -> None:
    text = "".join(f"line {index}\n" for index in range(3000))
    rows = painted(change("x.py", "add", text))
    assert len(rows) == 3001
    assert rows[-1].endswith("line 2999")


def test_a_limit_says_how_many_lines_are_left_out() -> None:
    text = "".join(f"line {index}\n" for index in range(100))
    rows = painted(change("x", "add", text), limit=10)
    assert len(rows) == 12
    assert rows[-1] == "  … 90 more lines"
    assert len(painted(change("x", "add", "a\n" * 11), limit=10)) == 12, "one line is not worth a note"
