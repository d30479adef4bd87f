"""The engine is found in the stated order, and what is wrong is said in words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codex_tui.engine.locate import EngineBinary, bundled_engine, locate
from codex_tui.errors import ClientError


def executable(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No engine anywhere."""
    monkeypatch.delenv("CODEX_TUI_ENGINE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    from codex_tui.text.safe import line

    assert line  # error messages need it, and the next line hides it
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])
    return tmp_path


def test_the_order_is_option_variable_path_bundle(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = executable(nothing / "packages/codex_cli_bin/bin/codex")
    assert locate() == EngineBinary(bundled, "bundled")
    on_path = executable(nothing / "bin/codex")
    assert locate() == EngineBinary(on_path, "PATH")
    named = executable(nothing / "named")
    monkeypatch.setenv("CODEX_TUI_ENGINE", named)
    assert locate() == EngineBinary(named, "$CODEX_TUI_ENGINE")
    option = executable(nothing / "option")
    assert locate(option) == EngineBinary(option, "--engine")


def test_no_engine_names_the_ways_to_get_one(nothing: Path) -> None:
    with pytest.raises(ClientError) as caught:
        locate()
    assert caught.value.title == "no engine found"
    for way in ("PATH", "--engine", "$CODEX_TUI_ENGINE", "openai-codex-cli-bin"):
        assert way in caught.value.hint


def test_a_wrong_option_is_an_error_though_another_engine_exists(nothing: Path) -> None:
    executable(nothing / "bin/codex")
    with pytest.raises(ClientError, match="engine not found"):
        locate(str(nothing / "absent"))


def test_not_executable_names_path_and_mode(nothing: Path) -> None:
    path = nothing / "plain"
    path.write_text("")
    path.chmod(0o640)
    if os.access(path, os.X_OK):
        pytest.skip("this user may execute anything")
    with pytest.raises(ClientError) as caught:
        locate(str(path))
    assert str(path) in caught.value.title
    assert "0640" in caught.value.title


def test_a_directory_is_said_to_be_one(nothing: Path) -> None:
    with pytest.raises(ClientError, match="is a directory"):
        locate(str(nothing))


def test_a_hostile_path_is_shown_escaped(nothing: Path) -> None:
    with pytest.raises(ClientError) as caught:
        locate("/tmp/\x1b[2Jx")
    assert "\x1b" not in caught.value.title
    assert "\\x1b[2Jx" in caught.value.title


def test_the_current_folder_is_never_searched(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(nothing / "codex")
    executable(nothing / "codex_cli_bin/bin/codex")
    monkeypatch.chdir(nothing)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "bin"]))
    monkeypatch.setattr(sys, "path", ["", "."])
    with pytest.raises(ClientError, match="no engine found"):
        locate()


def test_a_file_on_path_that_cannot_run_is_passed_over(nothing: Path) -> None:
    (nothing / "bin/codex").mkdir(parents=True)
    bundled = executable(nothing / "packages/codex_cli_bin/bin/codex")
    assert locate() == EngineBinary(bundled, "bundled")


def test_the_bundled_wheel_is_found_without_importing_it() -> None:
    code = (
        "import sys\n"
        "from codex_tui.engine.locate import bundled_engine\n"
        "assert bundled_engine(), sys.path\n"
        "names = {'codex_cli_bin', 'anyio', 'pydantic', 'pathlib', 'subprocess', 'shutil', 'rich'}\n"
        "heavy = names & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"], check=True
    )
    assert bundled_engine() is not None
