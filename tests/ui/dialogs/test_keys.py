"""Every key that does something on a page is listed on it, at every size and in every look."""

from __future__ import annotations

from typing import Any

import pytest
from rich.segment import Segment
from textual import events

from codex_tui.dialogs.answers import UNSEEN_KEY
from codex_tui.dialogs.care import cautioned
from codex_tui.dialogs.folder import folder_sheet
from codex_tui.dialogs.frame import Frame, Moment, make_frame
from codex_tui.dialogs.keys import keys_sheet
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.signs import TYPING, KeyLine, is_plain, plainly, sign_of
from codex_tui.dialogs.step import Page, Step
from codex_tui.paint.look import ASCII_MARKS, Look, Marks
from codex_tui.text import own
from tests.ui.dialogs.gallery import SCENES, SMALL, Scene
from tests.ui.dialogs.mcp import form
from tests.ui.dialogs.stage import Stage, exec_question, state
from tests.ui.dialogs.test_folder import PARTS, UNKNOWN
from tests.ui.dialogs.test_tray import three

LETTERS = [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ?!/.,-+<>[]"]
NAMED = [
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace"),
    *("enter", "escape", "tab", "shift+tab", "shift+enter", "shift+up", "shift+down"),
    *(f"f{number}" for number in range(1, 13)),
    *(f"ctrl+{letter}" for letter in "abdefghijklmnopqrstuvwxyz"),
    *(f"ctrl+{name}" for name in ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")),
]
NAMES = {" ": "space", "[": "left_square_bracket", "]": "right_square_bracket"}
EVERY = [(NAMES.get(letter, letter), letter) for letter in LETTERS] + [(name, None) for name in NAMED]
SIZES = [SMALL, (80, 24), (200, 60)]
PURE = {name: scene for name, scene in SCENES.items() if name not in {"tray", "together"}}
SECRET = form({"pass": {"type": "string", "format": "password"}, "b": {"type": "boolean"}})
MORE: dict[str, Scene] = {
    "form-switch": Scene(lambda: state(SECRET), ["tab"]),
    "form-review-secret": Scene(lambda: state(SECRET), ["x", "f10"]),
    "form-long-choice": Scene(SCENES["form"].made, ["tab"] * 5),
    "form-choices": Scene(SCENES["form"].made, ["tab"] * 3),
    "one-word": Scene(lambda: state(exec_question("/bin/bash -lc 'make'")), []),
}
STEPS = PURE | MORE


def listed(step: Step, key: str, character: str | None) -> bool:
    """Whether the page says of that key that it does something."""
    keys = {name for entry in step.keys for name in entry.keys} | {
        choice.key for choice in step.sheet.choices
    }
    return key in keys or (character is not None and TYPING in keys)


@pytest.mark.parametrize("name", STEPS)
def test_every_key_a_page_takes_is_among_those_it_lists(name: str) -> None:
    step = STEPS[name].step()
    for key, character in EVERY:
        after = step.press(key, character)
        if after is not None and after != step:
            assert listed(step, key, character), (key, character)


@pytest.mark.parametrize("name", STEPS)
def test_no_page_lists_a_key_that_means_nothing_to_it(name: str) -> None:
    step = STEPS[name].step()
    for key in {name for entry in step.keys for name in entry.keys}:
        character = "x" if key == TYPING else " " if key == "space" else key if len(key) == 1 else None
        leads = any(choice.key == key for choice in step.sheet.choices)
        assert step.press(key or "x", character) is not None or leads, key


def screen(frame: Frame, moment: Moment) -> str:
    lines = _text(frame.paint(moment)[0])
    body = [_line(frame.body.paint(row)) for row in range(len(frame.body))]
    return "\n".join([*lines, *body])


def _text(strips: list[Any]) -> list[str]:
    return [_line(strip) for strip in strips]


def _line(strip: Any) -> str:
    segments: list[Segment] = list(strip)
    return "".join(segment.text for segment in segments)


def sheets() -> dict[str, Sheet]:
    folder = folder_sheet(UNKNOWN, PARTS, "/home/ada")
    return {name: cautioned(scene.step().sheet) for name, scene in STEPS.items()} | {"folder": folder}


@pytest.mark.parametrize("size", SIZES)
def test_every_answer_and_the_way_to_all_other_keys_stand_on_the_page(size: tuple[int, int]) -> None:
    for name, sheet in sheets().items():
        frame = make_frame(sheet, Look(), *size)
        moments = [Moment(unseen=len(frame.body), count=3), Moment(count=3), Moment(alive_in=0.3, count=3)]
        for moment in moments:
            shown = "\n".join(_text(frame.paint(moment)[0][: frame.height]))
            assert "F1 keys" in shown, name
            for choice in sheet.choices:
                assert f"{choice.sign} " in shown, (name, choice.key)
            grants = any(choice.grants for choice in sheet.choices)
            if grants and frame.scrolls and frame.blocks(moment) and frame.window > 0:
                assert f"{UNSEEN_KEY} " in shown, name


@pytest.mark.parametrize("marks", [Marks(), ASCII_MARKS])
def test_the_list_names_each_answer_and_key_with_what_it_does(marks: Marks) -> None:
    for name, scene in STEPS.items():
        step = scene.step()
        page = keys_sheet(step.sheet.choices, step.keys, blocked=True)
        for width in (40, 76):
            rows = page.body(Look(width=width, marks=marks))
            text = " ".join(" ".join(_line(rows.paint(row)) for row in range(len(rows))).split())
            for entry in step.keys:
                assert plainly(entry.signs, marks) in text, name
                assert entry.words in text, name
            for choice in step.sheet.choices:
                assert f"{choice.sign} {plainly(choice.label, marks)}" in text, name


@pytest.mark.parametrize("size", SIZES)
def test_in_ascii_everything_of_the_programs_own_is_ascii(size: tuple[int, int]) -> None:
    look = Look(marks=ASCII_MARKS)
    for name, scene in STEPS.items():
        if name == "url-refused":
            continue  # its host has letters of its own
        step = scene.step(plain=True)
        for sheet in (step.sheet, keys_sheet(step.sheet.choices, step.keys, blocked=True)):
            frame = make_frame(cautioned(sheet), look, *size)
            shown = [
                screen(frame, Moment(unseen=len(frame.body), count=3, alive_in=0.3, progress=0.5)),
                screen(frame, Moment(top=1, count=3)),
                screen(frame, Moment(sent=sheet.choices[0].label, alive_in=float("inf"))),
            ]
            assert all(text.isascii() for text in shown), (name, [c for c in "".join(shown) if c > "~"][:5])


async def test_in_ascii_the_list_of_what_waits_and_one_answer_for_several_are_ascii_too() -> None:
    for name in ("tray", "together"):
        scene = SCENES[name]
        app = scene.stage(marks=ASCII_MARKS)
        async with app.run_test(size=(80, 24)) as pilot:
            await scene.go(pilot)
            assert app.text.isascii()


# -- on screen ----------------------------------------------------------------------------

WATCHED = ["exec-long", "rights", "question", "form", "say", "prefix"]


@pytest.mark.parametrize("name", WATCHED)
async def test_every_key_that_changes_anything_on_screen_is_on_the_page_with_all_keys(name: str) -> None:
    scene = SCENES[name]
    app = scene.stage()
    async with app.run_test(size=(60, 16)) as pilot:
        await scene.go(pilot)
        dialog = app.dialog
        panel = dialog._panel  # pyright: ignore[reportPrivateUsage]
        steps, moment = list(dialog._steps), panel.moment  # pyright: ignore[reportPrivateUsage]
        named = {key for entry in dialog._key_lines() for key in entry.keys}  # pyright: ignore[reportPrivateUsage]
        named |= {choice.key for choice in steps[-1].sheet.choices} | {"f1"}
        dialog.dismiss = lambda result=None: app.notes.wanted.append(("closed",))  # type: ignore[method-assign,assignment]
        for key, character in EVERY:
            app.clock.now += 1
            assert dialog.gate.alive()
            dialog.press(key, character)
            now = panel.moment
            stays = dialog._steps == steps and (now.top, now.waived) == (moment.top, moment.waived)  # pyright: ignore[reportPrivateUsage]
            if stays and not app.notes.wanted and not dialog._lists_keys:  # pyright: ignore[reportPrivateUsage]
                continue
            assert key in named or (character is not None and TYPING in named), key
            app.notes.wanted.clear()
            dialog._waiting.answered.clear()  # pyright: ignore[reportPrivateUsage]
            dialog._steps = list(steps)  # pyright: ignore[reportPrivateUsage]
            dialog._present()  # pyright: ignore[reportPrivateUsage]
            panel.update(top=moment.top, unseen=moment.unseen)
            dialog.gate.show()
            dialog._awake = True  # pyright: ignore[reportPrivateUsage]


async def test_the_list_of_keys_answers_nothing_and_forgets_nothing_that_was_read() -> None:
    long = "/bin/bash -lc '" + "\n".join(f"echo {number}" for number in range(60)) + "'"
    app = Stage(state(exec_question(long)))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        for _ in range(12):
            app.dialog.press("pagedown")
            await pilot.pause()
        top = app.dialog._panel.moment.top  # pyright: ignore[reportPrivateUsage]
        app.dialog.press("f1")
        await app.live(pilot)
        assert "Keys of this page" in app.text
        for key in ("y", "d", "t", "u", "enter", "f5", "f6"):
            app.clock.now += 1
            app.dialog.press(key)
        assert app.notes.wanted == []
        assert "Keys of this page" in app.text
        app.dialog.press("escape")
        assert app.notes.wanted == []
        app.dialog.press("y")  # the page has its guard anew
        assert app.notes.wanted == []
        await app.live(pilot)
        assert app.dialog._panel.moment.top == top  # pyright: ignore[reportPrivateUsage]
        app.dialog.press("y")
        assert app.answers == [({"decision": "accept"}, "accept")]


async def test_what_was_not_read_is_still_unread_after_the_list_of_keys() -> None:
    long = "/bin/bash -lc '" + "\n".join(f"echo {number}" for number in range(60)) + "'"
    app = Stage(state(exec_question(long)))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        app.dialog.press("f1")
        await app.live(pilot)
        app.dialog.press("f1")
        await app.live(pilot)
        assert "lines not seen yet)" in app.text
        app.dialog.press("y")
        assert app.answers == []


async def test_ctrl_c_and_a_click_lead_back_from_the_list_of_keys_and_answer_nothing() -> None:
    app = Stage(state(exec_question()))
    async with app.run_test(size=(80, 24)) as pilot:
        for back in ("stop", "click"):
            await app.live(pilot)
            app.dialog.press("f1")
            await app.live(pilot)
            if back == "stop":
                app.dialog.action_stop()
            else:
                at = next(at for at, row in enumerate(app.text.split("\n")) if "Esc  Back" in row)
                await pilot.click(offset=(6, at))
            await pilot.pause()
            assert "Run this command?" in app.text
            assert app.notes.wanted == []


async def test_a_paste_into_the_list_of_keys_reaches_no_field_behind_it() -> None:
    scene = SCENES["say"]
    app = scene.stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await scene.go(pilot)
        app.dialog.press("f1")
        app.dialog.on_paste(events.Paste("rm -rf"))
        app.dialog.press("f1")
        await app.live(pilot)
        assert "no need, use the Makefile" in app.text
        assert "rm -rf" not in app.text


async def test_another_question_takes_the_place_of_the_list_of_keys() -> None:
    first, second = exec_question(), exec_question("/bin/bash -lc 'second one'", number=1)
    app = Stage(state(first, second))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        app.dialog.press("f1")
        app.dialog.sync(state(second))
        await app.live(pilot)
        assert "second one" in app.text
        app.dialog.press("d")
        assert len(app.answers) == 1


async def test_the_keys_of_the_list_of_what_waits_do_not_jump_out_of_it() -> None:
    app = Stage(three(), asked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        before = app.dialog._question  # pyright: ignore[reportPrivateUsage]
        app.dialog.press("right_square_bracket", "]")
        await pilot.pause()
        assert "3 questions wait" in app.text
        assert "[ ] other ones" not in app.text
        assert app.dialog._question is before  # pyright: ignore[reportPrivateUsage]


def test_keys_are_written_as_on_the_keyboard() -> None:
    signs = [sign_of(key) for key in ("y", "escape", "ctrl+d", "f8", "shift+tab", "left_square_bracket")]
    assert signs == ["y", "Esc", "Ctrl+D", "F8", "Shift+Tab", "["]
    assert KeyLine(("up", "down"), own("move")).signs == "↑ ↓"
    assert plainly(own("↑ ↓ …"), ASCII_MARKS) == "Up Down ..."
    assert not is_plain(Marks())
    assert isinstance(SCENES["exec"].step(), Page)
