"""Which editor, what it is told, and which files it is given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from codex_tui.editor import CannotOpenError, Editor, file_to_open, find_editor


def there(*names: str) -> dict[str, str]:
    return {name: f"/bin/{Path(name).name}" for name in names}


def found(environment: Mapping[str, str], *names: str) -> Editor:
    return find_editor(environment, there(*names).get)


def test_visual_comes_before_editor_and_both_before_the_usual_ones() -> None:
    both = {"VISUAL": "code --wait", "EDITOR": "vi"}
    assert found(both, "code", "vi", "nano").words == ("/bin/code", "--wait")
    assert found({"VISUAL": " ", "EDITOR": "vi -R"}, "vi", "nano").words == ("/bin/vi", "-R")
    assert found({}, "vi", "nano").name == "nano"
    assert found({"EDITOR": ""}, "vi").name == "vi"


def test_what_the_variable_holds_is_words_and_never_a_shell_line() -> None:
    said = {"EDITOR": "vim -c 'set nu' ; rm -rf $HOME `id`"}
    words = found(said, "vim").words
    assert words == ("/bin/vim", "-c", "set nu", ";", "rm", "-rf", "$HOME", "`id`")


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "no editor found"),
        ({"EDITOR": "vim 'half"}, "$EDITOR cannot be read"),
        ({"VISUAL": "gone", "EDITOR": "vi"}, "$VISUAL names what is not there: gone"),
        ({"EDITOR": "\x1b]0;x\x07"}, r"$EDITOR names what is not there: \x1b]0"),
        ({"EDITOR": "x " * 50}, "$EDITOR cannot be read"),
    ],
)
def test_without_an_editor_it_is_said_why(environment: dict[str, str], says: str) -> None:
    with pytest.raises(CannotOpenError) as caught:
        found(environment)
    assert caught.value.reason.startswith(says)


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("vi", ["+7", "/a/b.py"]),
        ("nvim", ["+7", "/a/b.py"]),
        ("nano", ["+7", "/a/b.py"]),
        ("emacsclient -t", ["-t", "+7", "/a/b.py"]),
        ("micro", ["+7", "/a/b.py"]),
        ("kak", ["+7", "/a/b.py"]),
        ("hx", ["/a/b.py:7"]),
        ("subl", ["/a/b.py:7"]),
        ("zed", ["/a/b.py:7"]),
        ("code", ["--goto", "/a/b.py:7"]),
        ("/opt/Cursor.exe", ["--goto", "/a/b.py:7"]),
        ("mine", ["/a/b.py"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_way(said: str, arguments: list[str]) -> None:
    editor = found({"EDITOR": said}, said.split(maxsplit=1)[0])
    assert editor.command("/a/b.py", 7)[1:] == arguments
    assert editor.command("/a/b.py")[-1] == "/a/b.py"
    assert editor.command("/a/b.py", 0)[-1] == "/a/b.py"


def test_an_editor_with_windows_waits_only_when_it_has_to() -> None:
    code = found({"EDITOR": "code"}, "code")
    assert not code.takes_terminal
    assert code.command("/a", wait=True) == ["/bin/code", "--wait", "/a"]
    assert found({"EDITOR": "code --wait"}, "code").command("/a", wait=True) == ["/bin/code", "--wait", "/a"]
    assert found({"EDITOR": "vim"}, "vim").command("/a", wait=True) == ["/bin/vim", "/a"]
    assert found({"EDITOR": "mine"}, "mine").takes_terminal


def test_only_an_absolute_path_is_handed_over() -> None:
    with pytest.raises(ValueError, match="absolute"):
        Editor(("/bin/vi",), "vi").command("-c:!id")


def test_regular_files_only(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "-rf").write_text("")
    (tmp_path / "+1").write_text("")
    (tmp_path / "link").symlink_to("a.py")
    (tmp_path / "tty").symlink_to("/dev/null")
    (tmp_path / "sub").mkdir()
    os.mkfifo(tmp_path / "pipe")
    root = str(tmp_path)
    for name in ("a.py", "-rf", "+1", "link", "sub/../a.py"):
        assert file_to_open(name, root) == str(tmp_path / name.rpartition("/")[2])
    assert file_to_open(f"/{tmp_path}/a.py", "/") == str(tmp_path / "a.py")
    for name, says in {
        "none.py": "no such file: none.py",
        "sub": "that is a directory: sub",
        "pipe": "not a regular file, so not opened: pipe",
        "tty": "not a regular file, so not opened: tty",
        "/dev/zero": "not a regular file, so not opened: /dev/zero",
        "a\x1b.py": r"no such file: a\x1b.py",
        "a\0": "that is not the name of a file",
        "": "that is not the name of a file",
        "x" * 5000: "no such file: xx",
        "\ud800": "no such file: <U+D800>",
    }.items():
        with pytest.raises(CannotOpenError) as caught:
            file_to_open(name, root)
        assert caught.value.reason.startswith(says)
