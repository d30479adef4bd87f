# pyright: reportPrivateUsage=false
"""The chat pane in a running app: keys, mouse, sizes, what it tells and what it repaints."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.events import MouseScrollUp
from textual.geometry import Region

from codex_tui.session.series import Series
from codex_tui.session.state import Touch
from tests.ui.panes.conversations import (
    asked,
    lines,
    ran,
    said,
    thread,
    turn,
    with_item,
    with_turn,
)
from tests.ui.panes.stage import Stage, plain, screen_rows

LONG = thread(
    turn("t1", asked("u1", "do it"), said("a1", lines("one", 40)), status="completed"),
    turn("t2", asked("u2", "more"), ran("c1", "ls", lines("file", 9)), said("a2", lines("two", 40))),
)
SIZE = (40, 14)  # ten rows of chat


def seen(stage: Stage) -> list[str]:
    return screen_rows(stage, stage.chat)


async def test_it_shows_the_end_and_follows_it() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert seen(stage)[-1] == "two 39"
        grown, change = with_item(LONG, said("a3", "and more"))
        stage.chat.apply(grown, change)
        await pilot.pause()
        assert seen(stage)[-1] == "and more"
        assert stage.chat.max_scroll_y == stage.chat.scroll_y


async def test_scrolled_up_it_holds_still_and_the_rule_counts_what_is_new() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.action_page_up()
        before = seen(stage)
        shown = LONG
        for at in range(3):
            shown, change = with_item(shown, said(f"n{at}", lines("new", 5)))
            stage.chat.apply(shown, change)
        await pilot.pause()
        assert seen(stage) == before
        assert "▾ 3 new" in stage.rule.render_line(0).text
        stage.chat.action_to_end()
        await pilot.pause()
        assert seen(stage)[-1] == "new 4"
        assert "new" not in stage.rule.render_line(0).text
        assert stage.chat.following


@pytest.mark.parametrize(
    ("up", "down"), [("page_up", "page_down"), ("line_up", "line_down"), ("to_start", "to_end")]
)
async def test_every_way_up_has_its_way_down(up: str, down: str) -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        end = seen(stage)
        await stage.chat.run_action(up)
        assert seen(stage) != end
        assert not stage.chat.following
        await stage.chat.run_action(down)
        assert seen(stage) == end
        assert stage.chat.following


async def test_the_wheel_moves_three_rows_and_the_scroll_bar_goes_along() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        first = seen(stage)[0]
        stage.chat.post_message(MouseScrollUp(stage.chat, 1, 1, 0, 0, 0, False, False, False))
        await pilot.pause()
        assert seen(stage)[3] == first
        assert stage.chat.vertical_scrollbar.position == stage.chat.scroll_y


async def test_dragging_the_scroll_bar_moves_the_text() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.scroll_to(y=0, animate=False)
        await pilot.pause()
        assert seen(stage)[0] == "do it"
        assert not stage.chat.following


async def test_a_click_unfolds_what_folds_and_leaves_its_first_row_in_place() -> None:
    commands = thread(turn("t1", *(ran(f"c{at}", f"cmd {at}", lines("out", 3)) for at in range(30))))
    stage = plain(commands)
    async with stage.run_test(size=SIZE) as pilot:
        stage.chat.cycle_fold()
        assert stage.chat.cycle_fold() == "brief"
        await pilot.pause()
        stage.chat.action_page_up()
        row = seen(stage)[4]
        await pilot.click(stage.chat, offset=(3, 4))
        assert seen(stage)[4:8] == [row, "out 0", "out 1", "out 2"]
        await pilot.click(stage.chat, offset=(3, 4))
        assert seen(stage)[4] == row
        assert seen(stage)[5].startswith("$")


async def test_a_click_on_what_does_not_fold_changes_nothing() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = seen(stage)
        await pilot.click(stage.chat, offset=(3, 4))
        assert seen(stage) == before
        assert stage.focused is not stage.chat


async def test_the_selected_item_is_marked_and_toggles_by_key() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        while stage.chat.cycle_fold() != "brief":
            pass
        stage.chat.action_item_up()
        stage.chat.action_item_up()
        assert stage.chat.selected == ("item", "t2", "c1")
        stage.chat.action_toggle_item()
        await pilot.pause()
        rows = seen(stage)
        marked = [row.replace("▌", "·") for row in rows if "▌" in row]
        assert marked == ["$·ls", *(f"f·le {at}" for at in range(len(marked) - 1))]


async def test_another_size_keeps_the_reading_position() -> None:
    numbered = "\n".join(f"{at:03} " + "x" * 60 for at in range(99))
    stage = plain(thread(turn("t", said("a", numbered))))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.action_to_start()
        for _ in range(6):
            stage.chat.action_page_down()
        first = int(next(row[:3] for row in seen(stage) if row[:3].isdigit()))
        await pilot.resize_terminal(120, 30)
        await pilot.pause()
        now = int(next(row[:3] for row in seen(stage) if row[:3].isdigit()))
        assert abs(now - first) <= 1
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert abs(int(next(row[:3] for row in seen(stage) if row[:3].isdigit())) - first) <= 1


async def test_following_survives_another_size() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        for size in ((100, 30), (20, 6), (40, 14)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert seen(stage)[-1] == "two 39"


async def test_a_delta_repaints_only_the_rows_that_changed() -> None:
    short = thread(turn("t", said("a", lines("row", 4)), said("b", "x", phase="running")))
    stage = plain(short)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat._exchange_repaint_regions()
        grown, change = with_item(short, said("b", "xy", phase="running"))
        stage.chat.apply(grown, change)
        regions = list(stage.chat._exchange_repaint_regions())
        assert [(region.y, region.height) for region in regions] == [(4, 1)]


async def test_a_mark_turns_only_while_something_runs() -> None:
    running = thread(turn("t", asked("u", "go"), ran("c", "sleep 9", running=True)))
    stage = plain(running)
    async with stage.run_test(size=SIZE) as pilot:
        stage.animation_level = "full"
        stage.chat.show(running)
        await pilot.pause(0.6)
        assert seen(stage)[1][0] in "◐◓◑◒"
        assert stage.chat._timer is not None
        done, change = with_item(running, ran("c", "sleep 9"))
        stage.chat.apply(done, change)
        assert seen(stage)[1] == "$ sleep 9"
        assert stage.chat._timer is None


async def test_nothing_turns_while_the_engine_waits_for_the_person() -> None:
    asking = thread(turn("t", asked("u", "go"), ran("c", "rm -r x", running=True)))
    stage = plain(asking)
    async with stage.run_test(size=SIZE) as pilot:
        stage.animation_level = "full"
        waiting = replace(asking, flags=("waitingOnApproval",))
        stage.chat.apply(waiting, frozenset({Touch("thread", "th")}))
        await pilot.pause()
        assert seen(stage)[1] == "$ rm -r x"
        assert stage.chat._timer is None


async def test_with_reduced_motion_nothing_turns() -> None:
    running = thread(turn("t", asked("u", "go"), ran("c", "sleep 9", running=True)))
    stage = plain(running)
    async with stage.run_test(size=SIZE) as pilot:
        stage.animation_level = "none"
        stage.chat.show(running)
        await pilot.pause()
        assert stage.chat._timer is None


async def test_nothing_to_show_says_what_to_do() -> None:
    stage = plain()
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = "\n".join(seen(stage))
        assert "Say what you want done" in text
        assert "F1" in text
        stage.chat.show(LONG)
        assert seen(stage)[-1] == "two 39"
        stage.chat.show(None)
        assert "Say what you want done" in "\n".join(seen(stage))


async def test_the_first_prompt_replaces_the_help() -> None:
    empty = thread()
    stage = plain(empty)
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Say what you want done" in "\n".join(seen(stage))
        begun, change = with_turn(empty, turn("t", asked("u", "hello")))
        stage.chat.apply(begun, change)
        await pilot.pause()
        assert seen(stage)[0] == "hello"


async def test_another_thread_begins_at_its_end() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.action_to_start()
        stage.chat.show(replace(LONG, id="other"))
        await pilot.pause()
        assert seen(stage)[-1] == "two 39"


async def test_a_thread_whose_turns_were_all_taken_back_is_empty_and_begins_anew() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.action_page_up()
        await pilot.pause()
        assert stage.chat.max_scroll_y > 0
        stage.chat.show(replace(LONG, turns=Series()))
        await pilot.pause()
        assert stage.chat.max_scroll_y == 0
        bar = stage.chat.vertical_scrollbar
        assert bar.window_virtual_size <= bar.window_size
        assert stage.chat.following
        assert "below" not in stage.rule.render_line(0).text
        stage.chat.show(LONG)
        await pilot.pause()
        assert seen(stage)[-1] == "two 39"


async def test_the_same_thread_loaded_anew_keeps_the_reading_position() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.chat.action_page_up()
        before = seen(stage)
        stage.chat.show(replace(LONG, name="renamed"))
        assert seen(stage) == before


async def test_ten_thousand_items_open_at_the_end_and_jump_to_the_start() -> None:
    many = thread(*(turn(f"t{t}", *(said(f"a{at}", f"{t} {at}") for at in range(100))) for t in range(100)))
    stage = plain(many)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert seen(stage)[-1] == "99 99"
        stage.chat.action_to_start()
        assert seen(stage)[0] == "0 0"
        stage.chat.scroll_to(y=stage.chat.max_scroll_y // 2, animate=False)
        await pilot.pause()
        assert not stage.chat.following


async def test_text_selected_with_the_mouse_is_copied_without_the_margin() -> None:
    stage = plain(thread(turn("t", said("a", "first row\n    second row\nthird row"))))
    async with stage.run_test(size=(80, 14)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(stage.chat, offset=(6, 0))
        await pilot.hover(stage.chat, offset=(9, 1))
        await pilot.mouse_up(stage.chat, offset=(10, 1))
        await pilot.pause()
        assert stage.screen.get_selected_text() == "row\nsecond"
        marked = stage.screen.get_component_rich_style("screen--selection").bgcolor
        rows = stage.chat.render_lines(Region(0, 0, stage.chat.size.width, 3))
        shown = [
            "".join(segment.text for segment in row if segment.style and segment.style.bgcolor == marked)
            for row in rows
        ]
        assert shown == ["row", "    second ", ""]
        colours = {
            segment.style.color
            for row in rows
            for segment in row
            if segment.style and segment.style.bgcolor == marked
        }
        assert marked not in colours


async def test_a_line_broken_to_fit_is_selected_as_one() -> None:
    long_line = "word " * 40
    stage = plain(thread(turn("t", said("a", "top"), said("b", long_line.strip()), said("c", "bottom"))))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.mouse_down(stage.chat, offset=(0, 0))
        await pilot.hover(stage.chat, offset=(2, 7))
        await pilot.mouse_up(stage.chat, offset=(3, 7))
        await pilot.pause()
        assert (
            stage.screen.get_selected_text() == f"top\n{long_line.strip()}\nbott"
        )  # the cell under the pointer too


async def test_a_double_click_selects_a_word_and_a_triple_click_a_line() -> None:
    stage = plain(thread(turn("t", said("a", "top"), said("b", "see src/app.py:12, " + "and so on " * 5))))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.double_click(stage.chat, offset=(6, 1))
        assert stage.screen.get_selected_text() == "src/app.py:12"
        await pilot.triple_click(stage.chat, offset=(6, 2))
        assert stage.screen.get_selected_text() == "see src/app.py:12, " + "and so on " * 4 + "and so on"


async def test_a_double_click_folds_nothing() -> None:
    stage = plain(thread(turn("t", ran("c", "echo hello", "one\ntwo"))))
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = seen(stage)
        await pilot.click(stage.chat, offset=(3, 0))
        await pilot.click(stage.chat, offset=(3, 0))
        await pilot.double_click(stage.chat, offset=(3, 0))
        assert seen(stage) == before
        assert stage.screen.get_selected_text() == "echo"


async def test_selecting_past_the_edge_scrolls_and_takes_what_comes() -> None:
    stage = plain(LONG)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.mouse_down(stage.chat, offset=(0, 6))
        await pilot.hover(stage.chat, offset=(0, 4))
        await pilot.hover(stage.chat, offset=(0, 0))
        # The pilot's mouse jumps; a real one moves up, which starts the scrolling.
        stage.screen._check_auto_scroll(stage.chat, (0.0, 0.0), -1.0)
        for _ in range(400):
            if "two 0" in (stage.screen.get_selected_text() or ""):
                break
            await pilot.pause(0.05)
        await pilot.mouse_up(stage.chat, offset=(0, 0))
        selected = (stage.screen.get_selected_text() or "").split("\n")
        assert selected[-1] == "t"
        assert "two 0" in selected
        assert not stage.chat.following
