"""The git branch of a directory, read from its files: no git program runs, so nothing of a project does."""

from __future__ import annotations

from pathlib import Path

HEAD_SIZE = 4096  # bytes; a HEAD is a line, a larger one is none
REF = "ref: refs/heads/"


def branch_of(directory: Path) -> str | None:
    """The branch, the first eight digits of a detached commit, or None outside a repository."""
    for folder in (directory, *directory.parents):
        git = folder / ".git"
        head = _first_line(git / "HEAD")
        if head is None and (pointer := _first_line(git)) is not None and pointer.startswith("gitdir: "):
            head = _first_line(folder / pointer.removeprefix("gitdir: ") / "HEAD")  # a worktree
        if head is not None:
            return head.removeprefix(REF) if head.startswith(REF) else head[:8]
    return None


def _first_line(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_SIZE).split(b"\n", 1)[0].decode("utf-8", "replace")
    except OSError:
        return None
