"""The working tree as git sees it; git itself runs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path

import pytest

import codex_tui.worktree
from codex_tui.diffs import FileDiff
from codex_tui.worktree import WorkingTree, working_tree

OLD = "".join(f"line {at}\n" for at in range(20))


def git(folder: Path, *words: str) -> None:
    mine = {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder), "PATH": os.environ["PATH"]}
    known = ("-c", "user.name=dev", "-c", "user.email=dev@example.com")
    subprocess.run(["git", *known, *words], cwd=folder, env=mine, check=True, capture_output=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "codex"
    place.mkdir()
    (place / "config.toml").write_text(f'[projects."{tmp_path}/p"]\ntrust_level = "trusted"\n')
    return place


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "p"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    (place / "a.txt").write_text(OLD)
    (place / "gone.txt").write_text("bye\n")
    (place / "moves.txt").write_text("some lines\nthat stay\nas they are\n")
    (place / ".gitignore").write_text("*.log\n")
    (place / "sub").mkdir()
    git(place, "add", "-A")
    git(place, "commit", "-q", "-m", "first")
    return place


def said(tree: WorkingTree, project: Path) -> list[tuple[str, str, int, int]]:
    """The files below the project; a problem fails."""
    assert not tree.problem
    names = [file.path.removeprefix(f"{project}/") for file in tree.files]
    return [(file.kind, name, file.added, file.removed) for file, name in zip(tree.files, names, strict=True)]


def only(tree: WorkingTree) -> FileDiff:
    assert not tree.problem
    (file,) = tree.files
    return file


async def test_the_beginning_of_a_large_diff_is_told_of_while_git_writes(project: Path, home: Path) -> None:
    (project / "a.txt").write_text("".join(f"another line {at}\n" for at in range(40_000)))
    parts: list[WorkingTree] = []
    tree = await working_tree(project, home, parts.append)
    sizes = [sum(file.added for file in part.files) for part in parts]
    assert 0 < sizes[0] < 8_000
    assert sizes == sorted(sizes)
    whole = next(file for file in tree.files if file.path.endswith("a.txt"))
    for part in parts:
        (file,) = part.files
        assert not file.doubt
        assert whole.hunks[0].raw[: len(file.hunks[0].raw)] == file.hunks[0].raw
    assert await working_tree(project, home) == tree


async def test_changes_staged_or_not_and_untracked_files_are_shown(project: Path, home: Path) -> None:
    (project / "a.txt").write_text(OLD.replace("line 4\n", "four\n"))
    (project / "gone.txt").unlink()
    git(project, "mv", "moves.txt", "sub/moved.txt")
    (project / "sub" / "new é\t.py").write_text("x = 1\n")
    (project / "x.log").write_text("ignored\n")
    (project / "pic").write_bytes(b"\x89PNG\0")
    tree = await working_tree(project / "sub", home)
    assert said(tree, project) == [
        ("changed", "a.txt", 1, 1),
        ("deleted", "gone.txt", 0, 1),
        ("moved", "sub/moved.txt", 0, 0),
        ("binary", "pic", 0, 0),
        ("new", "sub/new é\t.py", 1, 0),
    ]
    assert tree.files[2].old_path == f"{project}/moves.txt"
    assert tree.files[3].note == "new, 5 bytes"
    assert tree.notes == ()


async def test_a_clean_tree_has_nothing(project: Path, home: Path) -> None:
    assert await working_tree(project, home) == WorkingTree()


async def test_before_the_first_commit_everything_is_new(project: Path, home: Path) -> None:
    git(project, "checkout", "-q", "--orphan", "other")
    tree = await working_tree(project, home)
    assert {kind for kind, *_ in said(tree, project)} == {"new"}
    assert len(tree.files) == 4


async def test_without_trust_no_git_runs(project: Path, home: Path, tmp_path: Path) -> None:
    (home / "config.toml").write_text("")
    (tmp_path / "bin").mkdir()
    tree = await working_tree(project, home)
    assert tree.problem == "git is not asked in a folder that you have not trusted for good"
    (home / "config.toml").write_text(f'[projects."{project}"]\ntrust_level = "untrusted"\n')
    assert (await working_tree(project, home)).problem == tree.problem


async def test_outside_of_a_repository_that_is_said(tmp_path: Path, home: Path) -> None:
    (tmp_path / "p").mkdir()
    assert (await working_tree(tmp_path / "p", home)).problem == "this folder is not in a git repository"
    for odd in ("p", "/p\0"):
        assert (await working_tree(Path(odd), home)).problem == "the thread's folder is not known"


async def test_without_a_git_program_that_is_said(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert (await working_tree(project, home)).problem == "there is no git program, or no such folder"


async def test_nothing_of_the_repository_s_runs(project: Path, home: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> {ran}\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "pager.diff",
        "diff.external",
        "core.editor",
        "core.askPass",
    ):
        git(project, "config", name, str(program))
    git(project, "config", "diff.odd.textconv", str(program))
    git(project, "config", "diff.odd.command", str(program))
    (project / ".gitattributes").write_text("*.txt diff=odd\n")
    hooks = project / ".git" / "hooks"
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (hooks / name).write_bytes(program.read_bytes())
        (hooks / name).chmod(0o755)
    (project / "a.txt").write_text("x\n")
    tree = await working_tree(project, home)
    assert ("changed", "a.txt", 1, 20) in said(tree, project)
    assert not ran.exists(), ran.read_text()


async def test_the_person_s_own_settings_of_git_change_nothing(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "color.ui": "always",
        "core.quotePath": "true",
        "diff.context": "0",
        "diff.suppressBlankEmpty": "true",
        "diff.renames": "copies",
        "diff.colorMoved": "zebra",
        "diff.submodule": "diff",
        "diff.wordRegex": ".",
    }.items():
        git(project, "config", name, value)
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/bin/false")
    (project / "a.txt").write_text("\n\n" + OLD)
    (project / "é.txt").write_text("x\n")
    git(project, "add", "é.txt")
    tree = await working_tree(project, home)
    assert said(tree, project) == [("changed", "a.txt", 2, 0), ("new", "é.txt", 1, 0)]
    assert tree.files[0].hunks[0].raw == ("+", "+", " line 0", " line 1", " line 2")


async def test_untracked_links_pipes_and_repositories_are_named_only(
    project: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret\n")
    (project / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(project / "pipe")
    (project / "other").mkdir()
    git(project / "other", "init", "-q")
    tree = await working_tree(project, home)
    known = {Path(file.path).name: file for file in tree.files}
    assert known["link"].hunks[0].raw[0] == f"+{tmp_path}/secret"
    assert known["link"].note == "a symbolic link"
    assert known["other"].note == "a folder with a repository of its own"
    assert "pipe" not in known, "git does not list it"


async def test_untracked_files_beyond_the_bounds_are_named_or_counted(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codex_tui.worktree, "UNTRACKED", 3)
    monkeypatch.setattr(codex_tui.worktree, "UNTRACKED_FILE", 10)
    for at in range(5):
        (project / f"n{at}").write_text("x" * (20 if at == 1 else 2))
    tree = await working_tree(project, home)
    assert [file.note for file in tree.files] == ["", "20 bytes are not shown", ""]
    assert tree.notes == ("2 untracked files are left out",)


async def test_a_diff_beyond_the_bound_is_cut_with_a_note(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codex_tui.worktree, "MAX_DIFF", 200_000)
    (project / "a.txt").write_text("a longer line\n" * 100_000)
    tree = await working_tree(project, home)
    assert tree.notes == ("the diff is longer than 0.2 MB: the rest is left out",)
    assert only(tree).added > 10_000


async def test_a_git_that_hangs_is_ended(
    project: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/pid\nwait\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setattr(codex_tui.worktree, "DEADLINE", 2.0)
    assert (await working_tree(project, home)).problem == "git took longer than 2 seconds"
    sleeper = int((tmp_path / "pid").read_text())
    await asyncio.to_thread(_wait_for_end, sleeper)


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 20
    while _is_running(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_what_git_complains_of_is_said(project: Path, home: Path) -> None:
    (project / ".git" / "config").write_text("[broken\n")
    assert (await working_tree(project, home)).problem.startswith("git could not tell: ")
