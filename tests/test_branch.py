"""The branch of a directory without running git."""

from __future__ import annotations

from pathlib import Path

from codex_tui.branch import branch_of


def repository(folder: Path, head: str) -> Path:
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text(head)
    return folder


def test_a_branch_is_named_from_anywhere_below(tmp_path: Path) -> None:
    below = repository(tmp_path / "repo", "ref: refs/heads/feature/x\n") / "a" / "b"
    below.mkdir(parents=True)
    assert branch_of(below) == "feature/x"


def test_a_detached_head_is_a_short_commit(tmp_path: Path) -> None:
    assert branch_of(repository(tmp_path / "repo", "0123456789abcdef\n")) == "01234567"


def test_a_worktree_points_to_its_own_head(tmp_path: Path) -> None:
    real = tmp_path / "repo" / ".git" / "worktrees" / "w"
    real.mkdir(parents=True)
    (real / "HEAD").write_text("ref: refs/heads/other\n")
    worktree = tmp_path / "w"
    worktree.mkdir()
    (worktree / ".git").write_text(f"gitdir: {real}\n")
    assert branch_of(worktree) == "other"


def test_outside_a_repository_there_is_none(tmp_path: Path) -> None:
    assert branch_of(tmp_path / "nowhere") is None
