"""Which program takes a copy, how it gets it, and that it cannot hold anything up."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from codex_tui import clipboard
from codex_tui.clipboard import Way, amount, fits_terminal, hand_over, programs, tmux_ways


def there(name: str) -> str:
    return f"/bin/{name}"


def script(folder: Path, text: str) -> Way:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Way((str(path),))


@pytest.mark.parametrize(
    ("environment", "platform", "names"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", ["wl-copy", "xclip", "xsel"]),
        ({"DISPLAY": ":0"}, "linux", ["xclip", "xsel"]),
        ({}, "darwin", ["pbcopy"]),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", ["clip.exe"]),
        ({}, "linux", []),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "1 2 3 4"}, "linux", []),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", []),
    ],
)
def test_the_programs_of_a_desktop_and_none_over_ssh(
    environment: dict[str, str], platform: str, names: list[str]
) -> None:
    assert [Path(way.words[0]).name for way in programs(environment, platform, there)] == names


def test_tmux_takes_text_also_over_ssh() -> None:
    inside = {"TMUX": "/tmp/tmux-0/default,1,0", "SSH_TTY": "/dev/pts/1"}
    assert tmux_ways(inside, there)[0].words == ("/bin/tmux", "load-buffer", "-w", "-")
    assert tmux_ways({}, there) == []
    assert tmux_ways(inside, lambda _: None) == []


def test_a_program_gets_the_text_and_nothing_else(tmp_path: Path) -> None:
    way = script(tmp_path, f'cat > "{tmp_path}/taken"')
    assert hand_over("zwölf\nlines\t", [way])
    assert (tmp_path / "taken").read_text() == "zwölf\nlines\t"


def test_a_child_in_the_background_holds_nothing_up(tmp_path: Path) -> None:
    way = script(
        tmp_path, f"cat > /dev/null; (while [ ! -e '{tmp_path}/over' ]; do sleep 0.1; done) & exit 0"
    )
    begun = time.monotonic()
    try:
        assert hand_over("text" * 100_000, [way])
        assert time.monotonic() - begun < clipboard.WITHIN
    finally:
        (tmp_path / "over").touch()


def test_a_program_that_hangs_is_ended_and_the_next_one_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "WITHIN", 0.3)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    hangs = script(tmp_path / "a", f"echo $$ > {tmp_path}/pid; exec sleep 600")
    works = script(tmp_path / "b", f"cat > {tmp_path}/taken")
    assert hand_over("x" * 1_000_000, [Way(("/nowhere/xclip",)), hangs, works])
    assert (tmp_path / "taken").stat().st_size == 1_000_000
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_program_that_fails_has_not_taken_it(tmp_path: Path) -> None:
    assert not hand_over("text", [script(tmp_path, "exit 1")])
    assert not hand_over("text", [])


def test_windows_is_told_the_encoding(tmp_path: Path) -> None:
    way = script(tmp_path, f"cat > {tmp_path}/taken")
    assert hand_over("ä", [Way(way.words, "utf-16")])
    assert (tmp_path / "taken").read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")


def test_what_a_terminal_takes_is_bounded() -> None:
    assert fits_terminal("x" * clipboard.MAX_BYTES)
    assert not fits_terminal("x" * (clipboard.MAX_BYTES + 1))
    assert not fits_terminal("漢" * (clipboard.MAX_BYTES // 3 + 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [("a\nb\n", "2 lines"), ("a\n\n\nb", "4 lines"), ("abc", "3 characters"), ("x\n", "1 character")],
)
def test_the_amount_in_words(text: str, words: str) -> None:
    assert amount(text) == words
