"""What the person's config says of a folder, and what a folder may not say of itself."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from codex_tui import trust as module
from codex_tui.trust import main_repository, parts_of, trust_of


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    home = tmp_path / "person" / ".codex"
    home.mkdir(parents=True)
    return home


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "src" / "deep").mkdir(parents=True)
    make_repository(project)
    return project


def mark(home: Path, path: object, level: str = "trusted") -> None:
    with (home / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f"[projects.{json.dumps(str(path))}]\ntrust_level = {json.dumps(level)}\n")


def make_repository(where: Path) -> None:
    (where / ".git").mkdir(parents=True)
    (where / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def make_worktree(main: Path, where: Path) -> Path:
    """The files git makes for `git worktree add`."""
    entry = main / ".git" / "worktrees" / where.name
    entry.mkdir(parents=True)
    (entry / "commondir").write_text("../..\n")
    (entry / "gitdir").write_text(f"{where}/.git\n")
    where.mkdir(parents=True)
    (where / ".git").write_text(f"gitdir: {entry}\n")
    return where


def test_a_folder_nobody_has_spoken_of_is_unknown(home: Path, project: Path) -> None:
    found = trust_of(project, home)
    assert (found.level, found.folder, found.root, found.problem) == ("unknown", project, project, "")
    assert found.config == home / "config.toml"


@pytest.mark.parametrize("level", ["trusted", "untrusted"])
def test_the_answer_is_found_by_the_real_path(home: Path, project: Path, level: str) -> None:
    mark(home, project, level)
    (project.parent / "link").symlink_to(project)
    assert trust_of(project, home).level == level
    assert trust_of(project.parent / "link", home).level == level


def test_a_link_in_a_trusted_folder_leads_out_of_it(home: Path, project: Path, tmp_path: Path) -> None:
    mark(home, project)
    (tmp_path / "elsewhere").mkdir()
    (project / "link").symlink_to(tmp_path / "elsewhere")
    assert trust_of(project / "link", home).level == "unknown"


def test_a_name_that_is_only_a_link_to_the_folder_does_not_count(home: Path, project: Path) -> None:
    (project.parent / "link").symlink_to(project)
    mark(home, project.parent / "link")
    assert trust_of(project, home).level == "unknown"


def test_folders_below_inherit_from_their_repository_and_from_nothing_else(home: Path, project: Path) -> None:
    mark(home, project.parent)
    mark(home, project / "src")
    assert trust_of(project / "src" / "deep", home).level == "unknown"
    mark(home, project)
    assert trust_of(project / "src" / "deep", home).level == "trusted"
    assert trust_of(project / "src" / "deep", home).root == project


def test_the_nearest_answer_counts(home: Path, project: Path) -> None:
    mark(home, project)
    mark(home, project / "src", "untrusted")
    assert trust_of(project / "src", home).level == "untrusted"
    assert trust_of(project, home).level == "trusted"


def test_outside_of_a_repository_only_the_folder_itself_counts(home: Path, tmp_path: Path) -> None:
    (tmp_path / "plain" / "below").mkdir(parents=True)
    mark(home, tmp_path / "plain")
    assert trust_of(tmp_path / "plain", home).level == "trusted"
    assert trust_of(tmp_path / "plain" / "below", home).level == "unknown"


def test_a_repository_inside_a_trusted_one_stands_for_itself(home: Path, project: Path) -> None:
    mark(home, project)
    make_repository(project / "vendor")
    (project / "module").mkdir()
    (project / "module" / ".git").write_text("gitdir: ../.git/modules/module\n")
    assert trust_of(project / "vendor", home).level == "unknown"
    assert trust_of(project / "module", home).level == "unknown"


def test_a_worktree_inherits_from_its_main_repository(home: Path, project: Path, tmp_path: Path) -> None:
    mark(home, project)
    tree = make_worktree(project, tmp_path / "tree")
    (tree / "src").mkdir()
    assert trust_of(tree / "src", home).level == "trusted"
    assert trust_of(tree / "src", home).root == project
    assert trust_of(tree / "src", home).names == (str(tree / "src"), str(tree), str(project))


def test_git_makes_worktrees_as_this_module_reads_them(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=n", "-c", "user.email=e", "-C", str(tmp_path / "main")]
    (tmp_path / "main").mkdir()
    for words in (
        ["init", "-q"],
        ["commit", "-q", "--allow-empty", "-m", "x"],
        ["worktree", "add", "-q", "../tree"],
    ):
        subprocess.run([*git, *words], check=True, capture_output=True)
    assert main_repository(tmp_path / "tree") == tmp_path / "main"


def test_a_git_folder_with_nothing_in_it_does_not_make_all_below_one_project(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "shared" / ".git").mkdir(parents=True)
    (tmp_path / "shared" / "mine").mkdir()
    (tmp_path / "shared" / "AGENTS.md").write_text("x")
    found = trust_of(tmp_path / "shared" / "mine", home)
    assert found.root == found.folder
    assert [part.path.parent for part in parts_of(found)] == [tmp_path / "shared"]


@pytest.mark.parametrize(
    "lie", ["other place", "no entry", "the repository itself", "a link to it", "nothing"]
)
def test_a_folder_that_only_claims_to_be_a_worktree_stands_for_itself(
    home: Path, project: Path, tmp_path: Path, lie: str
) -> None:
    mark(home, project)
    make_worktree(project, tmp_path / "tree")
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    pointer = {
        "other place": f"gitdir: {project}/.git/worktrees/tree\n",
        "no entry": f"gitdir: {project}/.git/worktrees/none\n",
        "the repository itself": f"gitdir: {project}/.git\n",
        "nothing": "",
    }
    if lie == "a link to it":
        (hostile / ".git").symlink_to(project / ".git")
    else:
        (hostile / ".git").write_text(pointer[lie])
    assert trust_of(hostile, home).level == "unknown"
    assert trust_of(hostile, home).root == hostile


def test_an_entry_of_the_projects_own_making_names_no_other_repository(
    home: Path, project: Path, tmp_path: Path
) -> None:
    mark(home, project)
    hostile = tmp_path / "hostile"
    entry = hostile / "entry"
    entry.mkdir(parents=True)
    (entry / "commondir").write_text(f"{project}/.git\n")
    (entry / "gitdir").write_text(f"{hostile}/.git\n")
    (hostile / ".git").write_text("gitdir: entry\n")
    assert trust_of(hostile, home).level == "unknown"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"[projects\n", "not valid TOML"),
        (b'x = "\xff"\n', "not valid TOML"),
        (b"x = " + b"[" * 100_000, "not valid TOML"),
        (b"projects = 3\n", "no table"),
        (b"# " + b"x" * module.CONFIG_BOUND, "too large"),
    ],
)
def test_a_config_that_cannot_tell_leaves_it_unknown_and_says_why(
    home: Path, project: Path, text: bytes, words: str
) -> None:
    (home / "config.toml").write_bytes(text)
    found = trust_of(project, home)
    assert found.level == "unknown"
    assert words in found.problem


def test_entries_of_another_shape_are_passed_over(home: Path, project: Path) -> None:
    name = json.dumps(str(project))
    (home / "config.toml").write_text(f'[projects]\n{name} = "trusted"\n')
    assert trust_of(project, home).level == "unknown"
    (home / "config.toml").write_text(f'[projects.{name}]\ntrust_level = "Trusted"\n')
    assert trust_of(project, home).level == "unknown"


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_for_a_config_or_a_pointer_does_not_hold_up_the_start(home: Path, project: Path) -> None:
    os.mkfifo(home / "config.toml")
    shutil.rmtree(project / ".git")
    os.mkfifo(project / ".git")
    assert trust_of(project, home).problem == "your config.toml cannot be read"
    assert trust_of(project, home).root == project


def test_a_config_inside_the_project_is_the_projects_word(project: Path, home: Path) -> None:
    inside = project / "src" / "codex-home"
    inside.mkdir()
    mark(inside, project)
    found = trust_of(project / "src", inside)
    assert found.level == "unknown"
    assert "CODEX_HOME" in found.problem
    assert trust_of(home.parent, home).problem == ""


def test_the_home_directory_is_the_persons_own(home: Path) -> None:
    make_repository(home.parent)
    mark(home, home.parent)
    assert trust_of(home.parent, home).level == "trusted"
    assert parts_of(trust_of(home.parent, home)) == []


def test_what_would_take_effect_is_named_from_the_repository_down_by_presence_alone(
    home: Path, project: Path
) -> None:
    (project / ".codex" / "rules").mkdir(parents=True)
    (project / ".codex" / "config.toml").write_text("model = 'x'\n")
    (project / ".codex" / "config.toml").chmod(0)
    (project / "src" / "AGENTS.md").symlink_to("/dev/zero")
    (project / "src" / ".env").write_text("A=1\n")
    (project.parent / "AGENTS.md").write_text("not of the project")
    found = [
        (str(part.path.relative_to(project)), part.size) for part in parts_of(trust_of(project / "src", home))
    ]
    assert found == [
        (".codex/config.toml", 12),
        (".codex/rules", None),
        ("src/AGENTS.md", None),
        ("src/.env", 4),
    ]
    assert stat.S_IMODE((project / ".codex" / "config.toml").stat().st_mode) == 0


def test_looking_starts_no_process_and_opens_nothing_but_the_config_and_gits_pointers(
    home: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = make_worktree(project, tmp_path / "tree")
    (tree / ".codex").mkdir()
    (tree / ".codex" / "config.toml").write_text("x = 1")
    (tree / ".env").write_text("CODEX_HOME=/tmp/evil")
    mark(home, project)
    opened: set[str] = set()
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in (
            "open",
            "subprocess.Popen",
            "os.fork",
            "os.exec",
            "os.posix_spawn",
            "os.system",
        ):
            opened.add(f"{event} {arguments[0]}")

    sys.addaudithook(watch)
    try:
        parts_of(trust_of(tree, home))
    finally:
        watching = False
    expected = {
        str(home / "config.toml"),
        str(tree / ".git"),
        *map(str, (project / ".git" / "worktrees").glob("*/*")),
    }
    named = {name.removeprefix("open ") for name in opened if not name.startswith("open ") or "/" in name}
    assert named == expected


def test_looking_loads_nothing_heavy(home: Path, project: Path) -> None:
    script = (
        "import time, sys; from pathlib import Path; from codex_tui.trust import trust_of\n"
        f"trust_of(Path({str(project)!r}), Path({str(home)!r}))\n"
        "assert not {'pydantic', 'textual', 'anyio', 'rich', 'subprocess'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
