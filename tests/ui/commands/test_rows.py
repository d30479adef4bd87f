"""A command in the list has the room there is."""

from __future__ import annotations

import pytest

from codex_tui.paint.look import Look
from codex_tui.panes.commands.roster import Entry, Roster
from codex_tui.panes.commands.rows import Columns, list_row
from codex_tui.panes.side import EVERYTHING
from codex_tui.text import cell_width
from tests.ui.commands.stage import NOON, command, state, thread

NOW = int(NOON * 1000)
LONG = "python3 -m unittest tests.test_calc"


def entries(*names: str, took: int = 12, exit_code: int = 0) -> list[Entry]:
    roster = Roster()
    items = [
        command(f"c{at}", name, "x\n" * 40, at=at, durationMs=took, exitCode=exit_code)
        for at, name in enumerate(names)
    ]
    roster.take(state(thread(*items)), EVERYTHING)
    return roster.entries


def listed(found: list[Entry], width: int) -> list[str]:
    look = Look(width=width)
    columns = Columns.of(found, look, NOW)
    return [list_row(one, look, columns, chosen=False, mark=None, now_ms=NOW).text for one in found]


def test_a_name_is_whole_where_only_blanks_would_stand_beside_it() -> None:
    (row,) = listed(entries(LONG), 48)
    assert f" {LONG}  exit 0" in row


def test_the_duration_goes_before_a_name_is_cut_and_stays_where_it_is_cut_anyway() -> None:
    assert listed(entries(LONG, took=3400), 43)[0].split() == ["✓", *LONG.split()]
    assert "3.4 s" in listed(entries(LONG, took=3400), 80)[0]
    (row,) = listed(entries(LONG * 3, took=3400), 60)
    assert "3.4 s" in row
    assert "exit 0" in row


def test_on_a_small_screen_the_mark_says_that_it_went_well_and_a_failure_says_its_code() -> None:
    (good,) = listed(entries(LONG), 40)
    assert good.endswith(LONG)
    (bad,) = listed(entries(LONG, exit_code=3), 40)
    assert bad.endswith("exit 3")
    assert "…" in bad


@pytest.mark.parametrize("width", [1, 5, 12, 26, 40, 44, 64, 100])
def test_no_row_is_wider_than_the_list(width: int) -> None:
    found = [*entries("ls", "漢字 " * 30, LONG, took=90_000), *entries("false", exit_code=127)]
    assert all(cell_width(row) <= max(6, width) for row in listed(found, width))


def test_columns_stand_below_each_other() -> None:
    rows = listed(entries("ls", "make all", LONG, took=3400), 80)
    assert len({row.index("exit") for row in rows}) == 1
    assert len({len(row) for row in rows}) == 1
