"""Fixtures of all interface tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.ui.snapshot import Golden, Snap


@pytest.fixture
def snap(snapshot: SnapshotAssertion, tmp_path: Path) -> Snap:
    """Compares an app's screens with the goldens under `snapshots/`."""
    return Snap(snapshot.use_extension(Golden), tmp_path)
