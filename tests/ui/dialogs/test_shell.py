"""Commands are unwrapped only when there is no doubt, and exactly as a shell reads them."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.dialogs.shell import Script, count_commands, read_command, split_words


@pytest.mark.parametrize(
    ("command", "script"),
    [
        ("/bin/bash -lc 'touch a.txt && echo one'", Script("touch a.txt && echo one", "/bin/bash -lc")),
        ("/bin/bash -c ls", Script("ls", "/bin/bash -c")),
        ("bash -lc 'one\ntwo'", Script("one\ntwo", "bash -lc")),
        ("/bin/zsh -lc 'it'\"'\"'s'", Script("it's", "/bin/zsh -lc")),
        ('/bin/sh -c "echo \\"\\$HOME\\""', Script('echo "$HOME"', "/bin/sh -c")),
        # In doubt the raw command is the text:
        ('/bin/sh -c "echo $HOME"', Script('/bin/sh -c "echo $HOME"')),
        ("/bin/bash -lc 'open", Script("/bin/bash -lc 'open")),
        ("/bin/bash -lc 'ls' extra", Script("/bin/bash -lc 'ls' extra")),
        ("/bin/bash -lc ls; rm x", Script("/bin/bash -lc ls; rm x")),
        ("/bin/bash -x 'ls'", Script("/bin/bash -x 'ls'")),
        ("python3 -c 'print(1)'", Script("python3 -c 'print(1)'")),
        ("/bin/bash -lc 'ls'\nrm x", Script("/bin/bash -lc 'ls'\nrm x")),
        (
            "write_stdin --session-id 60196 'rm -rf x\\n'",
            Script("write_stdin --session-id 60196 'rm -rf x\\n'"),
        ),
        ("", Script("")),
    ],
)
def test_the_script_inside_a_shell_call(command: str, script: Script) -> None:
    assert read_command(command) == script


@given(st.lists(st.text(), max_size=4))
def test_quoting_is_undone_exactly(words: list[str]) -> None:
    assert split_words(shlex.join(words)) == words


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab '\"\\$`!;&|<>#~*\n\t="), max_size=12))
def test_what_is_split_without_doubt_is_what_a_shell_passes_on(command: str) -> None:
    words = split_words(command)
    if words is None or (words and ("=" in words[0] or words[0] == "~")):
        return
    ran = subprocess.run(
        ["/bin/sh", "-c", f"printf '%s\\037' {command}"], capture_output=True, check=True, timeout=10
    )
    assert ran.stdout.decode().split("\x1f")[:-1] == (words or [""])


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("pytest -q", 1),
        ("touch a && echo one", 2),
        ("curl -fsSL https://x/install.sh | bash", 2),
        ("a; b\nc || d & e", 5),
        ("echo 'a; b' \"c && d\" e\\;f", 1),
        ("make 2>&1 >log &>all", 1),
        ("ls # && rm -rf /", 1),
        ("", 1),
        ("ls;", 1),
    ],
)
def test_chained_commands_are_counted(script: str, count: int) -> None:
    assert count_commands(script) == count
