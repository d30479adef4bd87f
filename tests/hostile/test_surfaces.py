"""Our own hostile cases on the real program in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.checks import tags
from tests.hostile.loader import SURFACES, load
from tests.hostile.run import run

CASES = {case.id: case for case in load(Path(__file__).parent / "cases.jsonl")}

# One of each kind, in one session of the program: a surface, and what may go wrong on it. Those
# that need another session come last. All of them run with the heavy tests.
QUICK = tuple(
    """
    command-erase-line command-turned command-markup command-blanks
    command-alike command-long reason-clear reason-markup path-newline path-hook path-blank
    cwd-sequence diff-hidden diff-nothing agent_text-sequence agent_text-link agent_text-markup
    agent_text-quotes command_output-sequence command_output-bar command_output-markup
    mcp_message-sequence mcp_message-empty mcp_message-many url-good url-script
    url-cyrillic schema-ref schema-many schema-deep rpc_line-noise rpc_line-zero
    rpc_line-unknown rpc_line-stderr rpc_line-error
    """.split()  # noqa: SIM905 - a table of names
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


@pytest.mark.timeout(180)
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
