"""The composer as a person uses it."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from codex_tui.composer import Composer
from codex_tui.paint.look import ASCII_MARKS, Marks
from codex_tui.paths import styles_dir
from codex_tui.themes import THEMES
from tests.ui.snapshot import Snap


class Page(App[None]):
    """A screen with nothing but a composer at its bottom."""

    CSS_PATH: ClassVar = [styles_dir() / "composer.tcss"]
    CSS = "#above { height: 1fr; } Screen { background: $background; }"

    def __init__(self, now: float = 100.0, marks: Marks | None = None) -> None:
        super().__init__()
        self.now = now
        self.marks = marks
        self.sent: list[Composer.Submitted] = []
        self.refused: list[int] = []
        self.register_theme(THEMES[0])
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield Static(id="above")
        yield Composer("Ask for anything [or less]", clock=lambda: self.now, marks=self.marks)

    def on_mount(self) -> None:
        self.query_one(Composer).focus()

    def on_composer_submitted(self, message: Composer.Submitted) -> None:
        self.sent.append(message)

    def on_composer_paste_refused(self, message: Composer.PasteRefused) -> None:
        self.refused.append(message.characters)

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)


async def paste(pilot: Pilot[Any], text: str) -> None:
    app = pilot.app
    assert isinstance(app, Page)
    app.composer.post_message(events.Paste(text))
    await pilot.pause()


def sent(app: Page) -> list[tuple[str, bool]]:
    return [(message.text, message.queue) for message in app.sent]


async def test_enter_sends_what_was_typed_and_empties_the_composer() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"fix it", "enter")
        await pilot.pause()
        assert sent(app) == [("fix it", False)]
        assert app.composer.is_empty


@pytest.mark.parametrize("key", ["shift+enter", "ctrl+j"])
async def test_newline_keys_make_a_line_and_do_not_send(key: str) -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press("a", key, "b")
        assert app.composer.draft == "a\nb"
        assert app.sent == []
        await pilot.press("enter")
        await pilot.pause()
        assert sent(app) == [("a\nb", False)]


async def test_blank_drafts_are_not_sent() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press("enter", "space", "ctrl+j", "enter")
        await pilot.pause()
        assert app.sent == []


async def test_tab_queues_while_a_turn_runs() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.composer.turn_running = True
        await pilot.press(*"later", "tab")
        await pilot.pause()
        assert sent(app) == [("later", True)]


async def test_tab_keeps_the_draft_while_nothing_runs() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"now", "tab")
        await pilot.pause()
        assert app.sent == []
        assert app.composer.draft == "now"


async def test_clearing_the_draft_can_be_undone() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"precious")
        assert app.composer.clear_draft()
        assert app.composer.is_empty
        assert not app.composer.clear_draft()
        await pilot.press("ctrl+underscore")
        assert app.composer.draft == "precious"


async def test_up_and_down_recall_prompts_and_keep_the_unsent_one() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"one", "enter", *"two", "enter", *"draft")
        await pilot.press("up")
        assert app.composer.draft == "two"
        await pilot.press("up", "up")
        assert app.composer.draft == "one"
        await pilot.press("down", "down")
        assert app.composer.draft == "draft"


async def test_up_inside_a_draft_of_several_lines_moves_the_cursor_first() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"old", "enter", "a", "ctrl+j", "b", "up")
        assert app.composer.draft == "a\nb"
        assert app.composer.cursor_location[0] == 0
        await pilot.press("up")
        assert app.composer.draft == "old"


async def test_it_grows_to_a_third_of_the_screen_and_scrolls_inside() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.composer.size.height == 1
        await pilot.press("a", "ctrl+j", "b", "ctrl+j", "c")
        await pilot.pause()
        assert app.composer.size.height == 3
        await paste(pilot, "\nx" * 20)
        await pilot.pause()
        assert app.composer.size.height == 7


async def test_a_paste_of_several_lines_stays_one_draft() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await paste(pilot, "one\r\ntwo\rthree")
        assert app.sent == []
        assert app.composer.draft == "one\ntwo\nthree"


async def test_a_long_paste_is_a_chip_on_screen_and_whole_when_sent() -> None:
    app = Page()
    text = "".join(f"line {number}\n" for number in range(100_000))
    async with app.run_test() as pilot:
        await pilot.press(*"see ")
        await paste(pilot, text)
        assert app.composer.text == f"see [pasted {len(text):,} characters]"
        await pilot.press("space", *"end", "enter")
        await pilot.pause()
        assert sent(app) == [(f"see {text} end", False)]


async def test_backspace_takes_a_whole_chip_and_undo_brings_it_back() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press("a")
        await paste(pilot, "x" * 20_000)
        await pilot.press("backspace")
        assert app.composer.text == "a"
        await pilot.press("ctrl+underscore")
        assert app.composer.draft == "a" + "x" * 20_000


async def test_the_cursor_steps_over_a_chip_and_typing_never_breaks_one() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await paste(pilot, "x" * 20_000)
        await pilot.press("left")
        assert app.composer.cursor_location == (0, 0)
        await pilot.press("right")
        app.composer.move_cursor((0, 5))
        await pilot.press("!")
        assert app.composer.draft == "x" * 20_000 + "!"


async def test_a_recalled_prompt_still_has_its_long_paste() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await paste(pilot, "x" * 20_000)
        await pilot.press("enter", "up", "enter")
        await pilot.pause()
        assert sent(app) == [("x" * 20_000, False)] * 2


async def test_a_paste_beyond_all_bounds_is_refused_and_said() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await paste(pilot, "x" * 17_000_000)
        assert app.composer.is_empty
        assert app.refused == [17_000_000]


async def test_hostile_characters_of_a_paste_are_visible_text() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await paste(pilot, "a\x1b]0;x\x07\u202eb")
        assert app.composer.draft == r"a\x1b]0;x\x07<U+202E>b"


async def test_a_failed_prompt_comes_back_above_what_was_written_since() -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press(*"new")
        app.composer.restore("failed", images=("a.png",))
        assert app.composer.draft == "failed\nnew"
        assert app.composer.images == ("a.png",)
        await pilot.press("enter")
        await pilot.pause()
        assert [(m.text, m.images) for m in app.sent] == [("failed\nnew", ("a.png",))]
        assert app.composer.images == ()


async def test_a_failed_long_prompt_comes_back_as_a_chip() -> None:
    app = Page()
    async with app.run_test():
        app.composer.restore("y" * 50_000)
        assert app.composer.text == "[pasted 50,000 characters]"
        assert app.composer.draft == "y" * 50_000


async def test_the_time_of_the_last_key_or_paste_is_known() -> None:
    app = Page(now=5.0)
    async with app.run_test() as pilot:
        assert app.composer.last_key_at is None
        await pilot.press("a")
        assert app.composer.last_key_at == 5.0
        app.now = 7.0
        await pilot.press("left")
        assert app.composer.last_key_at == 7.0
        app.now = 9.0
        await paste(pilot, "b")
        assert app.composer.last_key_at == 9.0


async def test_an_idle_composer_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Page()
    async with app.run_test() as pilot:
        await pilot.press("a")
        await pilot.pause()
        drawn: list[int] = []
        monkeypatch.setattr(app.composer, "render_line", drawn.append)
        await pilot.pause(1.1)  # two periods of a blinking cursor
        assert drawn == []


async def _write(pilot: Pilot[Any]) -> None:
    await paste(pilot, "Fix the failing test,")
    await pilot.press("ctrl+j")
    await paste(pilot, "then run all of them with (pytest -q)")
    await paste(pilot, "x" * 12_345)


async def test_a_draft_looks_right(snap: Snap) -> None:
    await snap(Page, "composer/draft", before=_write, sizes=[(80, 24), (40, 10)])


async def test_an_empty_composer_looks_right(snap: Snap) -> None:
    await snap(Page, "composer/empty", sizes=[(80, 24)])


async def test_images_are_shown_above_the_draft_and_literally(snap: Snap) -> None:
    async def attach(pilot: Pilot[Any]) -> None:
        composer = pilot.app.query_one(Composer)
        composer.images = ("/tmp/shot [1].png", "/tmp/plan.png")
        await paste(pilot, "What is wrong here?")

    await snap(Page, "composer/images", before=attach, sizes=[(80, 24)])


async def test_in_ascii_its_marks_are_ascii() -> None:
    app = Page(marks=ASCII_MARKS)
    async with app.run_test(size=(60, 12)) as pilot:
        app.composer.images = ("/tmp/plan.png",)
        await paste(pilot, "\n".join("abcdefghijklmnopqrstuvwxyz"))
        await pilot.press("up", "up")
        await pilot.pause()
        rows = [app.composer.render_line(y).text for y in range(app.composer.size.height)]
        assert rows[0].lstrip().startswith("^ ")
        assert all(row.isascii() for row in rows)
        assert app.composer.border_title is not None
        assert "# plan.png" in str(app.composer.border_title)


async def test_sending_takes_the_images_along_and_ctrl_c_drops_them() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.composer.images = ("a.png",)
        await pilot.press("enter")
        await pilot.pause()
        assert [(message.text, message.images) for message in app.sent] == [("", ("a.png",))]
        app.composer.images = ("b.png",)
        assert app.composer.clear_draft()
        assert app.composer.images == ()
        assert app.composer.size.height == 1
