"""What is shown reads as text: no gutter, no padding, lines whole that were broken to fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from textual.selection import SELECT_ALL

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat import painters
from codex_tui.panes.chat.layout import Layout
from codex_tui.panes.chat.selection import selected_text
from codex_tui.panes.chat.window import Window
from codex_tui.protocol.items import parse_item
from codex_tui.session.transcript import Checklist, Item, Notice, PlanStep
from tests.ui.panes.conversations import asked, said, thread, turn

WORDS = "Long sentences are broken where the screen ends, but a copy of them is one line again."


def copied(*items: Item, width: int = 44, fold: Fold = "full") -> str:
    window = Window(Layout(painters, Look(width=width, fold=fold)), 20)
    window.load(thread(turn("t1", *items)))
    window.frame()
    return selected_text(window, SELECT_ALL)


def item(**raw: Any) -> Item:
    return Item("i", "t1", parse_item({"id": "i", **raw}), "done", started_ms=1_700_000_000_000)


@pytest.mark.parametrize("width", [30, 44, 80, 120])
def test_a_paragraph_is_one_line(width: int) -> None:
    assert copied(said("a", f"{WORDS}\n\n{WORDS}"), width=width) == f"{WORDS}\n\n{WORDS}"


def test_wide_characters_join_without_blanks() -> None:
    text = "漢字かな交じり文は、画面の幅で折り返されるが、写しは一行に戻る。" * 2
    assert copied(said("a", text), width=40) == text


def test_code_begins_where_its_lines_begin() -> None:
    code = "def f(x):\n    return some_function_with_a_long_name(x, x, x, x, x)\n\n\nf(1)"
    assert copied(said("a", f"Look:\n\n```python\n{code}\n```\n")) == f"Look:\n\n{code}"


def test_blanks_at_a_break_in_code_stay() -> None:
    code = "a   b   c   " * 12 + "end"
    assert copied(said("a", f"```\n{code}\n```")) == code


def test_lists_keep_their_shape_and_quotes_lose_their_bar() -> None:
    shown = copied(said("a", f"- {WORDS}\n  - inner\n\n> {WORDS}"))
    assert shown == f"• {WORDS}\n  • inner\n\n{WORDS}"


def test_a_prompt_has_neither_mark_nor_time() -> None:
    assert copied(asked("u", f"{WORDS} {WORDS}"), width=80) == f"{WORDS} {WORDS}"
    assert copied(item(type="userMessage", content=[{"type": "text", "text": "go on"}]), width=80) == "go on"


def test_a_command_with_its_output() -> None:
    line = "x" * 100
    ran = item(
        type="commandExecution", command="pytest -q", status="completed", exitCode=1, aggregatedOutput=line
    )
    for width in (30, 60, 120):
        assert copied(ran, width=width) == f"pytest -q  ✗ exit 1{' · 1 line' * (width > 30)}\n{line}"


@pytest.mark.parametrize("fold", ["normal", "full"])
def test_times_are_never_copied(fold: Fold) -> None:
    word = replace(said("a", WORDS), started_ms=1_700_000_000_000)
    looked = item(type="imageView", path="/tmp/a.png")
    parts = copied(word, looked, word, width=80, fold=fold).split("\n")
    assert [parts[0], parts[-1]] == [WORDS, WORDS]
    assert "22:13" not in "".join(parts)
    assert len(parts) == 3


def test_a_diff_has_signs_but_no_numbers() -> None:
    diff = "@@ -1,2 +1,2 @@\n-old\n+new " + "n" * 60 + "\n same\n"
    change = {"path": "a.py", "kind": {"type": "update"}, "diff": diff}
    patch = item(type="fileChange", status="completed", changes=[change])
    assert copied(patch).split("\n")[-3:] == ["− old", "+ new " + "n" * 60, "  same"]


def test_notices_and_plans_are_whole() -> None:
    notice = Item("n", "t1", Notice("warning", WORDS), "done")
    plan = Item(
        "p", "t1", Checklist((PlanStep(WORDS, "completed"), PlanStep("then this", "pending"))), "done"
    )
    assert copied(notice) == WORDS
    assert copied(plan).split("\n")[1:] == [f"✓ {WORDS}", "☐ then this"]
