"""Our own hostile cases on the real program in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.checks import tags
from tests.hostile.loader import SURFACES, load
from tests.hostile.run import run

CASES = {case.id: case for case in load(Path(__file__).parent / "cases.jsonl")}

# The fewest that are of every surface and every expectation; none of them needs a session of the
# program for itself. All cases run with the heavy tests.
QUICK = (
    *("command-erase-line", "command-long", "command-blanks", "reason-markup", "path-newline"),
    *("cwd-sequence", "diff-nothing", "agent_text-sequence", "command_output-sequence"),
    *("mcp_message-sequence", "url-good", "url-user", "schema-deep"),
    *("rpc_line-noise", "rpc_line-zero", "rpc_line-unknown"),
)

pytestmark = pytest.mark.e2e


def test_every_surface_has_its_cases() -> None:
    assert {case.surface for case in CASES.values()} == set(SURFACES)


def test_the_quick_ones_are_of_every_surface_and_every_expectation() -> None:
    quick = [CASES[name] for name in QUICK]
    assert {case.surface for case in quick} == set(SURFACES)
    assert {tag for case in quick for tag in tags(case)} == {
        tag for case in CASES.values() for tag in tags(case)
    }


def test_a_case_of_each_kind_is_met() -> None:
    report = run([CASES[name] for name in QUICK], 80, 24)
    assert report.cases == len(QUICK)
    assert not report.failures, "\n".join(map(str, report.failures))


@pytest.mark.heavy
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (80, 24), (200, 60)])
def test_every_case_is_met(columns: int, rows: int) -> None:
    report = run(list(CASES.values()), columns, rows)
    assert report.cases == len(CASES)
    assert not report.failures, "\n".join(map(str, report.failures))
