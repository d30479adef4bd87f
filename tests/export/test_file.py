"""A document goes where the person said, for their eyes only, and over nothing else."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest

from codex_tui.errors import ClientError
from codex_tui.export.document import Moment
from codex_tui.export.file import document, place, write
from tests.export.test_documents import thread_of


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    write(path, "hello\ud800\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "hello\\ud800\n"


def test_nothing_is_overwritten_unless_asked_and_then_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")
    with pytest.raises(ClientError, match="is there already"):
        write(path, "other")
    assert path.read_text() == "mine"
    write(path, "other", replace=True)
    assert path.read_text() == "other"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link.md"
    target.write_text("precious")
    link.symlink_to(target)
    with pytest.raises(ClientError):
        write(link, "other")
    write(link, "other", replace=True)
    assert target.read_text() == "precious"
    assert not link.is_symlink()
    dangling = tmp_path / "dangling.md"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ClientError):
        write(dangling, "other")
    assert not (tmp_path / "nowhere").exists()


def test_without_hard_links_nothing_is_overwritten_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(path: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuses)
    write(tmp_path / "a.md", "first")
    with pytest.raises(ClientError, match="is there already"):
        write(tmp_path / "a.md", "second")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.md", "first")]
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o600


def test_on_a_full_disk_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("codex_tui.export.file.os.fdopen", full)
    with pytest.raises(ClientError, match="No space left on device"):
        write(tmp_path / "a.md", "text")
    assert list(tmp_path.iterdir()) == []


def test_directories_and_missing_ones_are_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "a.md", Path("/proc/nothing/a.md")):
        for replace in (False, True):
            with pytest.raises(ClientError):
                write(path, "text", replace=replace)


def test_a_relative_name_goes_by_the_folder_and_the_suffix_chooses_the_form() -> None:
    assert place(" notes/../a.md ", "/home/ada") == Path("/home/ada/a.md")
    assert place("/tmp/a.html", "/home/ada") == Path("/tmp/a.html")
    assert place("~/a.md", "/x") == Path.home() / "a.md"
    assert document(thread_of(), Moment(0.0), ".HTML").startswith("<!DOCTYPE html>")
    assert document(thread_of(), Moment(0.0), "").startswith("# fix it\n")
