"""The wheel holds what the program needs at run time."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_a_built_wheel_finds_its_styles_without_the_checkout(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import codex_tui.paths as p; print(p.__file__);"
            "print(*sorted(f.name for f in p.styles_dir().iterdir()))",
        ],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    where, names = found.stdout.splitlines()
    assert where.startswith(str(installed))
    assert names.split() == sorted(path.name for path in (ROOT / "styles").glob("*.tcss"))
    assert names.split()
    assert "codex_tui/py.typed" in zipfile.ZipFile(wheel).namelist()
