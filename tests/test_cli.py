"""The command line: what is understood, and the one-line errors for what is not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.config import load
from codex_tui.errors import ClientError
from codex_tui.options import parse


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "codex_tui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_prompt_is_the_first_free_word() -> None:
    assert parse(["fix it"]).prompt == "fix it"
    assert parse([]).prompt == ""


def test_options_may_stand_before_and_after_the_prompt(tmp_path: Path) -> None:
    options = parse(["-m", "gpt-5.5", "go", "-C", str(tmp_path), "-s", "read-only", "-a", "never"])
    assert (options.prompt, options.model, options.cwd) == ("go", "gpt-5.5", tmp_path.resolve())
    assert (options.sandbox, options.approval) == ("read-only", "never")


def test_what_stands_after_two_dashes_is_a_prompt_whatever_it_reads_like() -> None:
    assert parse(["--", "resume", "the", "-work"]).prompt == "resume the -work"
    assert parse(["--", "resume"]).command == ""


def test_resume_takes_an_id_a_name_or_last_and_a_prompt_and_alone_lets_one_choose() -> None:
    thread = "01a1fb8b-31bf-7e33-b35b-826951b1594c"
    options = parse(["resume", thread, "go on"])
    assert (options.thread_id, options.thread_name, options.prompt) == (thread, None, "go on")
    options = parse(["resume", "calc: fractions"])
    assert (options.thread_id, options.thread_name, options.pick) == (None, "calc: fractions", False)
    assert parse(["resume"]).pick
    assert not parse([]).pick
    options = parse(["resume", "--last", "go on"])
    assert (options.last, options.thread_id, options.prompt) == (True, None, "go on")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--last"], "--last goes with resume"),
        (["two", "words"], "unexpected argument: words"),
        (["--engin", "x"], "unrecognized arguments: --engin"),
        (["-C", "/no/such/place"], "no such directory: /no/such/place"),
        (["-i", "/no/such.png"], "no such image: /no/such.png"),
        (["replay", "/no/such.jsonl"], "no such recording"),
        (["-s", "open"], "invalid choice: 'open'"),
        (["-c", "novalue"], "KEY=VALUE"),
        (["-C", "/bad\x1b[2J"], "no such directory: /bad\\x1b[2J"),
    ],
)
def test_what_is_not_understood_is_said_in_one_line(arguments: list[str], words: str) -> None:
    with pytest.raises(ClientError) as caught:
        parse(arguments)
    assert words in caught.value.title
    assert "\n" not in caught.value.title
    assert caught.value.exit_code == 2


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_arguments_are_options_or_a_clear_error(arguments: list[str]) -> None:
    try:
        parse(arguments)
    except ClientError as error:
        assert error.exit_code == 2
    except SystemExit as done:  # --help and --version
        assert done.code == 0


def test_config_overrides_and_further_directories_reach_the_engine(tmp_path: Path) -> None:
    options = parse(["-c", 'model="x"', "--add-dir", str(tmp_path)])
    assert options.engine_arguments() == [
        "-c",
        'model="x"',
        "-c",
        f'sandbox_workspace_write.writable_roots=["{tmp_path.resolve()}"]',
    ]


def test_help_names_every_command_and_exits_with_zero() -> None:
    done = run("--help")
    assert done.returncode == 0
    for word in ("resume", "replay", "doctor", "--demo", "--record", "--ask-for-approval", "--add-dir"):
        assert word in done.stdout


def test_version_is_one_line() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("codex-tui ")
    assert done.stdout.count("\n") == 1


def test_without_a_terminal_it_says_so_and_fails() -> None:
    done = run()
    assert done.returncode == 2
    assert done.stderr.startswith("codex-tui: standard input is not a terminal\n")
    assert done.stdout == ""


def test_with_standard_error_closed_it_fails_as_it_does_with_it() -> None:
    command = ["sh", "-c", 'exec "$0" -m codex_tui --nothing 2>&-', sys.executable]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")


def test_doctor_names_the_engine_and_its_version(tmp_path: Path) -> None:
    done = run("doctor", CODEX_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "codex-cli " in done.stdout
    assert str(tmp_path) in done.stdout


def test_doctor_says_whether_the_folder_is_trusted_and_which_configs_count(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    (project / ".codex").mkdir(parents=True)
    (project / ".codex" / "config.toml").write_text("x = [")  # it is not read
    home.mkdir()
    for level, words, off in (
        ("unknown", "not decided; a start asks", True),
        ("untrusted", "not trusted", True),
        ("trusted", "trusted", False),
    ):
        (home / "config.toml").write_text(f'[projects."{project}"]\ntrust_level = "{level}"\n')
        told = run("doctor", "-C", str(project), "-c", "model=x", CODEX_HOME=str(home)).stdout
        rows = [row.split(maxsplit=1) for row in told.splitlines()]
        assert ["trust", f"{project}: {words}"] in rows
        layers = told[told.index("config layers") :].splitlines()[:3]
        assert [layer.removeprefix("config layers").strip() for layer in layers] == [
            "-c model=x",
            f"{project}/.codex/config.toml" + (" (off: not trusted)" if off else ""),
            str(home / "config.toml"),
        ]


def test_doctor_fails_on_an_engine_that_cannot_run(tmp_path: Path) -> None:
    fake = tmp_path / "codex"
    fake.write_bytes(b"\x7fELF not for this machine")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    done = run("doctor", "--engine", str(fake))
    assert done.returncode == 1
    assert "cannot run" in done.stdout


def test_doctor_shows_a_version_that_is_no_text_escaped(tmp_path: Path) -> None:
    fake = tmp_path / "codex"
    fake.write_text("#!/bin/sh\nprintf '\\377\\033]0;a title\\007'\n")
    fake.chmod(0o755)
    done = run("doctor", "--engine", str(fake))
    assert r"\x1b]0;a title\x07" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_a_wrong_config_of_ours_is_named_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b]0;a title\x07" / "codex-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("theme = [")
    with pytest.raises(ClientError) as caught:
        load(folder / "config.toml")
    assert r"a\x1b]0;a title\x07" in caught.value.title
