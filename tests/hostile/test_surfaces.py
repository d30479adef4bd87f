"""Our own hostile cases on the real program in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.loader import SURFACES, load
from tests.hostile.run import run

CASES = load(Path(__file__).parent / "cases.jsonl")
HALVES = (CASES[::2], CASES[1::2])

pytestmark = pytest.mark.e2e


def test_every_surface_has_its_cases() -> None:
    assert {case.surface for case in CASES} == set(SURFACES)


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.timeout(180)
def test_every_case_is_met(half: int) -> None:
    report = run(HALVES[half], 80, 24)
    assert report.cases == len(HALVES[half])
    assert not report.failures, "\n".join(map(str, report.failures))


@pytest.mark.heavy
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (200, 60)])
def test_every_case_is_met_at_other_sizes(columns: int, rows: int) -> None:
    report = run(CASES, columns, rows)
    assert not report.failures, "\n".join(map(str, report.failures))
