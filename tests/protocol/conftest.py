"""The engine's schema, generated once a run."""

from __future__ import annotations

import pytest

from tests.protocol.schema import EngineSchema, generate


@pytest.fixture(scope="session")
def engine_schema(tmp_path_factory: pytest.TempPathFactory) -> EngineSchema:
    return generate(tmp_path_factory.mktemp("engine-schema"))
