"""What of a hostile output is painted: its beginning and its end, and a note of what is between."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.cells import cells_of, paint_cell
from codex_tui.paint.excerpt import MOST, cost, first_within, last_within
from codex_tui.paint.look import Look
from codex_tui.protocol.items import parse_item
from codex_tui.session.transcript import Item

SIZE = 1_000_000  # characters that the state keeps of an output
HOSTILE = {
    "one line": "x" * SIZE,
    "binary": bytes(n * n % 251 for n in range(SIZE)).decode("utf-8", "replace"),
    "short lines": "ab\n" * (SIZE // 3),
    "a cursor anywhere in one line": "".join(f"\x1b[{n % 24};{n % 80}H*" for n in range(SIZE // 8)),
    "colours in one line": "".join(f"\x1b[38;5;{n % 256}mx" for n in range(SIZE // 10)),
    "marks upon one letter": "e" + "\u0301" * SIZE,
    "East Asian": "漢字テスト" * (SIZE // 5),
    "a progress bar": "".join(f"\r{n:6} of 60000" for n in range(SIZE // 16)),
}

_LINES = st.lists(st.text("ab漢\x1b[31m", max_size=30), max_size=8)


def painted(output: str, fold: Literal["normal", "full"]) -> list[str]:
    raw: dict[str, Any] = {"type": "commandExecution", "id": "c", "command": "make", "cwd": "/"}
    body: Any = parse_item({**raw, "status": "completed", "aggregatedOutput": output, "exitCode": 0})
    (cell,) = cells_of(Item("c", "u", body, "done", 1))
    return [strip.text for strip in paint_cell(cell, Look(width=80), fold)]


@pytest.mark.parametrize("name", HOSTILE)
def test_of_a_hostile_output_a_bounded_part_is_painted_with_a_note_of_the_rest(name: str) -> None:
    rows = painted(HOSTILE[name], "full")
    assert len(rows) <= 4_000
    assert sum(map(len, rows)) <= 4 * MOST
    assert any(re.search(r"… [\d,]+ more (line|character)", row) for row in rows)
    assert 2 <= len(painted(HOSTILE[name], "normal")) <= 6


@given(_LINES, st.integers(0, 200))
def test_what_is_kept_is_the_beginning_or_the_end_and_costs_no_more(lines: list[str], units: int) -> None:
    whole = "".join(f"{line}\n" for line in lines)
    kept, size = first_within(lines, units)
    assert whole.startswith("\n".join(kept))
    assert whole[:size].removesuffix("\n") == "\n".join(kept)
    last, before = last_within(lines, units)
    assert whole[before:].removesuffix("\n") == "\n".join(last)
    slack = 5 * len("\x1b[31m")  # a control sequence is not cut
    assert max(sum(map(cost, kept)), sum(map(cost, last))) <= units + 4 * slack


def test_a_control_sequence_is_not_cut() -> None:
    line = "aaaa\x1b[31mred"
    for units in range(2 * len(line)):
        kept, _ = first_within([line], units)
        assert "\x1b" not in "".join(kept) or "\x1b[31m" in kept[0]
        last, _ = last_within([line], units)
        assert "31m" not in "".join(last) or "\x1b[31m" in last[0]


def test_an_output_that_fits_is_whole() -> None:
    text = "".join(f"\x1b[3{n % 8}mline {n}\x1b[m\n" for n in range(900))
    rows = painted(text, "full")
    assert [row.strip() for row in rows[1:]] == [f"line {n}" for n in range(900)]


WORDS = {
    "wide": "漢字" * 500_000,
    "binary": HOSTILE["binary"],
    "links without an end": "[a](b" * 200_000,
    "emphasis without an end": "*a **b " * 150_000,
}


@pytest.mark.parametrize("kind", ["userMessage", "reasoning"])
@pytest.mark.parametrize("name", WORDS)
def test_of_an_endless_prompt_or_thought_the_beginning_is_painted_with_a_note(kind: str, name: str) -> None:
    text = WORDS[name]
    content = [{"type": "text", "text": text}] if kind == "userMessage" else []
    body: Any = parse_item({"type": kind, "id": "c", "content": content, "summary": [text]})
    (cell,) = cells_of(Item("c", "u", body, "done", 1))
    rows = [strip.text for strip in paint_cell(cell, Look(width=80), "full")]
    assert 10 < len(rows) <= 2_002
    assert sum(map(len, rows)) <= 2 * MOST
    assert re.search(r"… [\d,]+ more (line|character)", rows[-1])
