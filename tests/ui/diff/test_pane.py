"""The diff pane by its keys."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from textual.pilot import Pilot

from tests.ui.diff.stage import ALL, CALC, OTHERS, README, ROOT, Stage, many_lines, rows, state


def text(stage: Stage) -> str:
    return "\n".join(rows(stage))


def cursor(stage: Stage) -> str:
    """The row of the lines that the bar stands at."""
    view = stage.pane.view
    shown = [view.render_line(y).text for y in range(view.size.height)]
    return next((row for row in shown if row.startswith("▌")), "")


async def until(pilot: Pilot[None], stage: Stage, words: str) -> None:
    """Wait until `words` are on screen: reading and laying out may go on in a thread."""
    for _ in range(400):
        await pilot.pause(0.05)
        if words in text(stage):
            return
    raise AssertionError(f"{words!r} never came:\n{text(stage)}")


async def test_keys_move_through_lines_hunks_and_files() -> None:
    stage = Stage(state(ALL))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        assert "def mul" in cursor(stage)
        await pilot.press("right_curly_bracket")
        assert "def div(a, b)" in cursor(stage)
        await pilot.press("full_stop")
        assert "default=2" in cursor(stage)
        await pilot.press("comma")
        assert "def div(a, b)" in cursor(stage)
        await pilot.press("right_square_bracket")
        assert "README.md" in cursor(stage)
        await pilot.press("n", "n")
        assert "old.txt" in cursor(stage)
        await pilot.press("p", "left_square_bracket")
        assert "README.md" in cursor(stage)
        await pilot.press("end")
        assert "run.sh" in text(stage)
        await pilot.press("home")
        assert "src/calc.py" in cursor(stage)


async def test_files_fold_one_by_one_and_all_together() -> None:
    stage = Stage(state(CALC + README))
    async with stage.run_test(size=(80, 40)) as pilot:
        await pilot.press("down", "down", "enter")
        assert "▸ src/calc.py" in cursor(stage)
        assert "def mul" not in text(stage)
        assert "A calculator." in text(stage)
        await pilot.press("z")
        assert "A calculator." not in text(stage)
        await pilot.press("z")
        assert "def mul" in text(stage)
        assert "A calculator." in text(stage)


async def test_sides_stand_beside_each_other_by_width_or_by_key() -> None:
    stage = Stage(state(CALC))
    async with stage.run_test(size=(120, 40)) as pilot:
        beside = next(row for row in rows(stage) if "def div(a, b):" in row)
        assert "def div(a: float, b: float)" in beside
        await pilot.press("s")
        assert not any("def div(a, b):" in row and "a: float" in row for row in rows(stage))


async def test_short_lines_stand_beside_each_other_in_less_room_and_the_list_gives_way() -> None:
    def beside(stage: Stage) -> bool:
        return any("A calculator." in row and "that says" in row for row in rows(stage))

    short, long = (
        Stage(state(README + OTHERS)),
        Stage(state(README.replace("r", "r" * 50) + OTHERS)),
    )
    async with short.run_test(size=(100, 40)) as pilot:
        assert beside(short)
        assert not short.pane.files.display
        await pilot.press("s")
        assert not beside(short)
        assert short.pane.files.display
        await pilot.press("s")
        assert beside(short)
    async with long.run_test(size=(100, 40)):
        assert not beside(long)
        assert long.pane.files.display


async def test_long_lines_wrap_or_are_cut_and_move_sideways() -> None:
    stage = Stage(state(CALC))
    async with stage.run_test(size=(60, 24)) as pilot:
        assert "after the decimal point" in text(stage).replace("\n", "").replace("       ", "")
        await pilot.press("w")
        assert "decimal point" not in text(stage)
        await pilot.press(*["right"] * 3)
        assert "after the decimal point" in text(stage)
        await pilot.press(*["left"] * 3)
        assert "def mul" in text(stage)


async def test_find_counts_and_steps_through_folded_files_too() -> None:
    stage = Stage(state(ALL))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("z", "slash", *"zero", "enter")
        assert "1 of 2  zero" in text(stage)
        assert "Division by zero" in cursor(stage)
        await pilot.press("n")
        assert "2 of 2" in text(stage)
        assert "test_div_by_zero" in cursor(stage)
        await pilot.press("N")
        assert "Division by zero" in cursor(stage)
        await pilot.press("slash", *"zebra")
        await pilot.press("enter")
        assert "nothing found for zebra" in text(stage)
        await pilot.press("escape")
        assert not stage.did.left
        await pilot.press("escape")
        assert stage.did.left == 1


async def test_comments_are_collected_shown_deleted_and_sent_as_one_message() -> None:
    stage = Stage(state(CALC + README))
    async with stage.run_test(size=(80, 40)) as pilot:
        await pilot.press("right_curly_bracket", "c", *"why?", "enter", "down")
        assert "why?" in cursor(stage)
        await pilot.press("down", "down", "c", *"say infinity", "enter")
        assert "C send 2 comments" in text(stage)
        await pilot.press("up", "up", "x")
        assert "why?" not in text(stage)
        await pilot.press("right_square_bracket", "down", "c", *"title", "enter", "C")
        assert "Send 2 comments to the agent? They start a turn." in text(stage)
        assert "say infinity" in text(stage)
        await pilot.press("escape")
        assert not stage.did.sent
        await pilot.press("C", "y")
        assert len(stage.did.sent) == 1
        message = stage.did.sent[0]
        assert "README.md:1" in message
        assert "src/calc.py:12" in message
        assert ROOT not in message
        assert "sent 2 comments" in text(stage)
        assert "say infinity" not in text(stage)


async def test_a_comment_survives_another_revision_of_the_diff() -> None:
    stage = Stage(state(CALC))
    async with stage.run_test(size=(100, 40)) as pilot:
        await pilot.press("right_curly_bracket", "c", *"why?", "enter")
        stage.take(state(CALC + README))
        await pilot.pause()
        assert "why?" in text(stage)
        assert "def div(a, b)" in cursor(stage)


async def test_a_comment_is_on_the_line_it_was_begun_on_whatever_the_diff_is_by_then() -> None:
    stage = Stage(state(CALC))
    async with stage.run_test(size=(100, 40)) as pilot:
        await pilot.press("right_curly_bracket", "c", *"why?")
        stage.take(state(README))
        await pilot.pause()
        await pilot.press("enter")
        (comment,) = stage.pane.remarks.all
        assert (comment.path, comment.text) == (f"{ROOT}/src/calc.py", "why?")


async def test_a_line_opens_in_the_editor_and_a_hunk_is_copied() -> None:
    stage = Stage(state(CALC))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("full_stop", "full_stop", "down", "o", "y")
        assert stage.did.opened == [(f"{ROOT}/src/calc.py", 43)]
        patch, what = stage.did.copied[0]
        assert what == "the hunk"
        assert patch.startswith("--- a/")
        assert "@@ -40,4 +42,4 @@ def main():\n" in patch
        assert "+    def div" not in patch
        await pilot.press("home", "y", "o")
        assert "+    def div" in stage.did.copied[1][0]
        assert stage.did.opened[1] == (f"{ROOT}/src/calc.py", None)


async def test_the_list_of_files_opens_over_a_narrow_diff_and_goes_to_one() -> None:
    stage = Stage(state(ALL))
    async with stage.run_test(size=(60, 20)) as pilot:
        await pilot.press("f")
        assert "logo.png" in text(stage)
        assert "def mul" not in text(stage)
        await pilot.press("down", "down", "enter")
        assert "tests/test_calc.py" in cursor(stage)
        assert "import pytest" in text(stage)


async def test_a_click_chooses_a_line_a_file_and_a_source() -> None:
    stage = Stage(state(ALL, README))
    async with stage.run_test(size=(200, 40)) as pilot:
        await pilot.pause()
        await pilot.click(stage.pane.view, offset=(20, 3))
        assert "return a * b" in cursor(stage)
        await pilot.click(stage.pane.files, offset=(5, 1))
        assert "README.md" in cursor(stage)
        await pilot.click(stage.pane, offset=(20, 0))
        assert "▾ 2 session" in text(stage)


async def test_the_line_under_the_cursor_stays_when_the_size_changes() -> None:
    stage = Stage(state(many_lines(300) + CALC))
    async with stage.run_test(size=(100, 30)) as pilot:
        for _ in range(6):
            await pilot.press("pagedown")
        here = cursor(stage).split("compute")[1]
        for size in ((40, 10), (160, 50), (100, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert here[:6] in cursor(stage).replace("▌", "")


async def test_ten_thousand_lines_are_laid_out_in_a_thread_and_stay_usable() -> None:
    stage = Stage(state(many_lines(20_000)))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "value_3 ")
        await pilot.press("end")
        await until(pilot, stage, "value_19999")
        await pilot.press("home")
        assert "value_1 " in text(stage)


async def test_all_kinds_of_files_say_what_they_are_and_empty_sources_what_will_be_there() -> None:
    stage = Stage(state(ALL))
    async with stage.run_test(size=(100, 60)) as pilot:
        shown = text(stage)
        for words in (
            "a binary file",
            "only its rights changed: 100644 to 100755",
            "moved as it is",
            "deleted",
            "new",
        ):
            assert words in shown
        stage.take(state("nobody knows\nwhat this is\n"))
        await pilot.pause()
        assert "nobody knows" in text(stage)
        assert "could not be read" in text(stage)
        stage.take(state())
        await pilot.pause()
        assert "This turn has changed nothing yet." in text(stage)


async def test_what_is_no_plain_file_says_so_and_carriage_returns_are_no_noise() -> None:
    crlf = "diff --git a/c.txt b/c.txt\n--- a/c.txt\n+++ b/c.txt\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n"
    mixed = crlf.replace("c.txt", "m.txt").replace("+B\r", "+b")
    link = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+c.txt\n"
    module = (
        "diff --git a/s b/s\nindex 1..2 160000\n--- a/s\n+++ b/s\n"
        "@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n"
    )
    run = "diff --git a/r b/r\nold mode 100644\nnew mode 100755\n--- a/r\n+++ b/r\n@@ -1 +1 @@\n-a\n+b\n"
    stage = Stage(state(crlf + mixed + link + module + run))
    async with stage.run_test(size=(100, 40)):
        shown = rows(stage)
        assert any("c.txt  +1 −1  CRLF" in row for row in shown)
        assert any(row.endswith("+ B") for row in shown)
        assert any("− b\\x0d" in row for row in shown), "where endings differ, they are seen"
        assert any("new  symbolic link" in row for row in shown)
        assert any("s  +1 −1  submodule" in row for row in shown)
        assert any("r  +1 −1  rights 100644 to 100755" in row for row in shown)


async def test_five_thousand_files_are_counted_listed_and_gone_through() -> None:
    many = "".join(
        f"diff --git a/f{at} b/f{at}\n--- a/f{at}\n+++ b/f{at}\n@@ -1 +1 @@\n-a\n+b{at}\n"
        for at in range(5000)
    )
    stage = Stage(state(many))
    async with stage.run_test(size=(120, 30)) as pilot:
        await until(pilot, stage, "5,000 files")
        await until(pilot, stage, "b3")
        await pilot.press("end")
        await until(pilot, stage, "b4999")
        await pilot.press("right_square_bracket", "left_square_bracket", "left_square_bracket")
        assert "f4998" in cursor(stage)


async def test_finding_in_a_large_diff_leaves_the_keys_alive_and_the_last_words_count() -> None:
    stage = Stage(state(many_lines(20_000)))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "value_3 ")
        await pilot.press("slash", *"value_19998", "enter")
        await until(pilot, stage, "1 of 1  value_19998")
        assert "value_19998" in cursor(stage)


async def test_files_that_change_during_a_search_are_searched_instead() -> None:
    stage = Stage(state(many_lines(20_000)))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, stage, "value_3 ")
        pane = stage.pane
        pane._look_for("value_19998")  # pyright: ignore[reportPrivateUsage]
        pane.action_onward(1)
        assert "looking for" in (pane._says or "")  # pyright: ignore[reportPrivateUsage]
        stage.take(state(CALC))
        await until(pilot, stage, "nothing found for value_19998")


async def test_each_thread_has_its_own_comments() -> None:
    stage = Stage(state(CALC))
    async with stage.run_test(size=(100, 40)) as pilot:
        await pilot.press("right_curly_bracket", "c", *"why?", "enter")
        first, other = stage.first, state(CALC)
        threads = {**first.threads, "o": replace(other.threads["t"], id="o")}
        both = replace(first, threads=MappingProxyType(threads))
        stage.take(replace(both, active_id="o"))
        await pilot.pause()
        assert "why?" not in text(stage)
        await pilot.press("C")
        assert "no comments yet" in text(stage)
        stage.take(both)
        await pilot.pause()
        assert "why?" in text(stage)


async def test_foreign_text_is_shown_escaped() -> None:
    evil = (
        CALC.replace("class Calc", "\x1b[2J\u202e")
        .replace("src/calc.py", "src/\x1b]0;x\x07.py")
        .replace("a * b", "a \x1b[31m b")
    )
    stage = Stage(state(evil))
    async with stage.run_test(size=(100, 30)):
        shown = text(stage)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "\\x1b[31m" in shown


async def test_a_frame_colours_what_it_has_time_for_and_the_rest_comes_after_it() -> None:
    stage = Stage(state(many_lines(2_000)))
    async with stage.run_test(size=(120, 60)) as pilot:
        await until(pilot, stage, "value_20")
        await pilot.press("end")

        def is_coloured(y: int) -> bool:
            return len({segment.style for segment in stage.pane.view.render_line(y)}) > 4

        view = stage.pane.view
        assert "value_1999" in cursor(stage)
        painted = view.render_lines(view.size.region)
        assert "value_1999" in "".join(strip.text for strip in painted)
        for _ in range(400):
            if all(
                len({one.style for one in strip}) > 4 for strip in view.render_lines(view.size.region)[:-1]
            ):
                break
            await pilot.pause(0.05)
        assert all(is_coloured(y) for y in range(50))
