"""What the diff pane looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.ui.dialogs.stage import change, patch_item, patch_question
from tests.ui.dialogs.stage import state as asking
from tests.ui.diff.stage import ALL, CALC, ROOT, Stage, state
from tests.ui.diff.test_deeds import NEW, at
from tests.ui.diff.test_pane import until
from tests.ui.snapshot import Snap


def pressing(*keys: str) -> Any:
    async def press(pilot: Pilot[Any]) -> None:
        await pilot.press(*keys)

    return press


async def test_unified_in_an_ordinary_terminal(snap: Snap) -> None:
    await snap(
        lambda: Stage(state(ALL)), "diff/unified", sizes=[(80, 24)], before=pressing("right_curly_bracket")
    )


async def test_both_sides_and_the_files_in_a_wide_one(snap: Snap) -> None:
    before = pressing("right_curly_bracket", "slash", *"div", "enter", "n")
    await snap(lambda: Stage(state(ALL)), "diff/both-sides", sizes=[(200, 60)], before=before)


async def test_lines_and_the_list_of_files_in_a_small_one(snap: Snap) -> None:
    await snap(lambda: Stage(state(ALL)), "diff/small", sizes=[(40, 10)], before=pressing("down"))
    await snap(lambda: Stage(state(ALL)), "diff/list", sizes=[(40, 10)], before=pressing("f", "down", "down"))


async def test_comments_and_the_question_that_sends_them(snap: Snap) -> None:
    words = "why not return infinity, as the standard says?"
    written = ("right_curly_bracket", "c", *words, "enter", "full_stop", "c", *"four is too many", "enter")
    sending = pressing(*written, "C")
    await snap(lambda: Stage(state(CALC)), "diff/comments", sizes=[(80, 24)], before=sending)


async def test_taking_back_asks_first(snap: Snap) -> None:
    await snap(
        lambda: Stage(state(CALC)),
        "diff/take-back",
        sizes=[(80, 24)],
        before=pressing("full_stop", "r"),
    )


async def test_a_conflict_says_where_and_why(snap: Snap, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEW.replace("line three", "line 3, mine"))

    async def refused(pilot: Pilot[Any]) -> None:
        stage = pilot.app
        assert isinstance(stage, Stage)
        await pilot.press("full_stop", "r", "y")
        await until(pilot, stage, "Not taken back")

    await snap(lambda: Stage(at(tmp_path)), "diff/conflict", sizes=[(60, 24)], before=refused)


async def test_a_patch_that_waits_for_its_answer(snap: Snap) -> None:
    item = patch_item(
        change(
            f"{ROOT}/src/calc.py", "@@ -9,2 +9,2 @@\n def div(a, b):\n-    return a // b\n+    return a / b\n"
        ),
        change(f"{ROOT}/CHANGES.md", "- `div` keeps the fraction\n", "add"),
    )
    waits = asking(patch_question(), items=[item], cwd=ROOT)
    await snap(lambda: Stage(waits), "diff/waits", sizes=[(80, 24)])
