"""Fixtures every room shares."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does. The run that lets a change in or
# not tries the same examples each time; `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile("same")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
