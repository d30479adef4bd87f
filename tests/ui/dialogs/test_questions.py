"""The agent's questions: options, words, secrets, the look at all answers, and the ways to give none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.dialogs.entry import LONGEST, Entry
from codex_tui.dialogs.questions import Asking, aside_page, first_page
from codex_tui.dialogs.setting import Setting
from codex_tui.engine.recorder import REDACTED
from codex_tui.paint.look import Look
from codex_tui.protocol.items import AgentMessage, AsyncQuestion
from codex_tui.protocol.questions import UserInputRequest
from codex_tui.session.inbox import Question
from tests.ui.dialogs.asks import KEY, SIGN, ZERO, ask, questions
from tests.ui.dialogs.stage import Stage, state

CANARY = "hunter2-canary"


def page(question: Question) -> Asking:
    assert isinstance(question.params, UserInputRequest)
    step = first_page(question.params, Setting())
    assert step is not None
    return step


def press(step: Asking, *keys: str) -> Asking:
    for key in keys:
        after = step.press(key, key if len(key) == 1 else None)
        assert isinstance(after, Asking), key
        step = after
    return step


def text_of(step: Asking, width: int = 76) -> str:
    look = Look(width=width)
    body = step.sheet.body(look)
    return "\n".join("".join(s.text for s in body.paint(row)) for row in range(len(body)))


def keys_of(step: Asking) -> list[str]:
    return [choice.key for choice in step.sheet.choices]


def test_an_option_is_chosen_by_its_number_by_space_and_by_enter() -> None:
    for keys in (["2"], ["down", "space"], ["down", "enter"]):
        assert press(page(questions(SIGN)), *keys).result == {"answers": {"sign": {"answers": ["Floor"]}}}


def test_an_option_can_be_taken_back() -> None:
    assert press(page(questions(SIGN)), "space", "space").result == {"answers": {}}


def test_words_beside_an_option_are_a_note() -> None:
    step = press(page(questions(SIGN)), "1", "down", "down", *"please")
    assert step.result == {"answers": {"sign": {"answers": ["True (Recommended)", "user_note: please"]}}}


def test_words_alone_are_the_other_answer() -> None:
    step = press(page(questions(SIGN)), "down", "down", *"d 12")
    assert step.result == {"answers": {"sign": {"answers": ["user_note: d 12"]}}}


def test_words_alone_are_none_where_only_an_option_is_asked_for() -> None:
    question = questions(ask("sign", "Which?", ("a", ""), ("b", ""), other=False))
    step = press(page(question), "down", "down", "x")
    assert step.missing == 1
    assert step.result == {"answers": {}}


def test_blanks_are_no_answer() -> None:
    assert press(page(questions(KEY)), " ", " ").result == {"answers": {}}


def test_digits_and_letters_are_text_in_a_field() -> None:
    assert press(page(questions(KEY)), *"1dy[").answer.entry.text == "1dy["


def test_enter_goes_on_and_tab_goes_both_ways() -> None:
    step = press(page(questions(SIGN, ZERO)), "1", "enter")
    assert (step.at, step.row) == (1, 0)
    assert press(step, "shift+tab").at == 0
    assert press(step, "tab").at == 0
    assert press(step, "shift+tab").row == 0


def test_the_last_enter_leads_to_all_answers() -> None:
    step = press(page(questions(SIGN, ZERO)), "1", "enter", "1")
    assert step.press("enter", None) is None
    leads = step.sheet.choices[0].leads
    assert leads is not None
    send, back = leads().sheet.choices
    assert send.result == {
        "answers": {"sign": {"answers": ["True (Recommended)"]}, "zero": {"answers": ["Error"]}}
    }
    assert (back.key, back.outcome) == ("escape", "")


def test_where_the_agent_waits_nothing_can_be_left_out() -> None:
    step = press(page(questions(SIGN, ZERO)), "1", "tab")
    assert [choice.key for choice in step.review.choices] == ["escape"]
    assert "the agent waits for an answer to each question" in str(step.review.facts)


def test_where_it_does_not_wait_questions_can_be_skipped_one_by_one_or_all() -> None:
    step = page(questions(SIGN, ZERO, blocking=False))
    assert "ctrl+d" in keys_of(step)
    assert "ctrl+d" not in keys_of(page(questions(SIGN, ZERO)))
    assert press(step, "1").review.choices[0].result == {
        "answers": {"sign": {"answers": ["True (Recommended)"]}}
    }
    assert step.review.choices[0].label == "Send no answer"


def test_escape_says_that_it_stops_the_turn() -> None:
    stop = page(questions(SIGN)).sheet.choices[-1]
    assert (stop.key, stop.label, stop.interrupts) == ("escape", "Stop the turn", True)
    assert stop.result == {"answers": {}}


@pytest.mark.parametrize("asks", [(), (SIGN, SIGN)])
def test_questions_that_cannot_be_told_apart_are_not_answered(asks: Any) -> None:
    question = questions(*asks)
    assert isinstance(question.params, UserInputRequest)
    assert first_page(question.params, Setting()) is None


# -- secrets ----------------------------------------------------------------------------------


def test_a_secret_is_dots_wherever_it_is_drawn_and_text_where_it_is_sent() -> None:
    step = page(questions(KEY)).paste(CANARY + "\n")
    assert isinstance(step, Asking)
    assert step.result == {"answers": {"key": {"answers": [f"user_note: {CANARY}"]}}}
    review = step.review.body(Look(width=76))
    drawn = text_of(step) + "".join(s.text for row in range(len(review)) for s in review.paint(row))
    assert CANARY not in drawn
    assert "•" * len(CANARY) in drawn
    assert CANARY not in repr(step)


async def test_a_secret_is_never_on_screen() -> None:
    app = Stage(state(questions(KEY)))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press(*CANARY)
        assert CANARY not in app.text
        await app.live(pilot)
        await pilot.press("enter")
        await app.live(pilot)
        assert CANARY not in app.text
        await pilot.press("enter")
        assert app.answers == [({"answers": {"key": {"answers": [f"user_note: {CANARY}"]}}}, "answered")]
        assert CANARY not in app.text


def test_the_recorder_leaves_secrets_out(tmp_path: Any) -> None:
    from codex_tui.engine.codec import encode
    from codex_tui.engine.recorder import Recorder

    recorder = Recorder(tmp_path / "r.jsonl")
    question = questions(SIGN, KEY)
    recorder.incoming(encode({"id": 0, "method": question.method, "params": question.raw}))
    # As another engine might write it, and under the same id of another type.
    params = b'"params": {"questions": [{"id": "s", "isSecret" : true}]}'
    recorder.incoming(b'{"id": "0", "method": "item/tool/requestUserInput", ' + params + b"}")
    for request_id, name in ((0, "key"), ("0", "s")):
        answer = {"answers": {name: {"answers": [CANARY]}, "sign": {"answers": ["Floor"]}}}
        recorder.outgoing(encode({"id": request_id, "result": answer}))
    recorder.close()
    text = (tmp_path / "r.jsonl").read_text()
    assert CANARY not in text
    assert text.count(REDACTED) == 2
    assert "Floor" in text


# -- the field --------------------------------------------------------------------------------


def test_a_field_holds_no_more_than_its_bound() -> None:
    assert len(Entry().paste("x" * (LONGEST + 5)).paste("y").text) == LONGEST


def test_what_is_pasted_is_what_is_seen() -> None:
    assert Entry().paste("a\x1b[2Jb\r\nc").text == "a\\x1b[2Jb\nc"


@given(
    st.lists(
        st.sampled_from(
            [*"ab ", "left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+w", "ctrl+j"]
        ),
        max_size=40,
    )
)
def test_the_cursor_stays_in_the_text(keys: list[str]) -> None:
    entry = Entry()
    for key in keys:
        after = entry.press(key, key if len(key) == 1 else None)
        assert after is not None
        entry = after
        assert 0 <= entry.at <= len(entry.text)
        rows, cursor = entry.rows(Look(width=20), 8, active=True)
        assert 0 <= cursor < len(rows)


# -- questions of a message ---------------------------------------------------------------------


def message(*asked: AsyncQuestion) -> AgentMessage:
    return AgentMessage(type="agentMessage", id="m", text="?", delivery="async", questions=asked)


def test_the_questions_of_a_message_are_answered_by_a_prompt_that_quotes_them() -> None:
    asked = message(
        AsyncQuestion(title="Which database?", options=("Postgres", "SQLite")),
        AsyncQuestion(title="Anything\nelse?"),
        AsyncQuestion(title="And this?"),
    )
    step = aside_page(asked, Setting())
    assert step is not None
    step = press(step, "1", "down", "down", *"16", "tab", *"no")
    send = step.review.choices[0]
    assert send.says == "> Which database?\n\nPostgres\n16\n\n> Anything\n> else?\n\nno"
    assert send.result == {}
    assert keys_of(step) == ["enter", "tab", "escape"]
    assert step.sheet.choices[-1].later


def test_a_prompt_without_an_answer_is_not_sent() -> None:
    step = aside_page(message(AsyncQuestion(title="Well?")), Setting())
    assert step is not None
    assert [choice.key for choice in step.review.choices] == ["escape"]


# -- on screen --------------------------------------------------------------------------------


async def test_two_questions_are_answered_by_keys() -> None:
    app = Stage(state(questions(SIGN, ZERO)))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("1", "enter", "down", "down", "n", "o", "y")
        await app.live(pilot)
        await pilot.press("enter")
        await app.live(pilot)
        assert "Send these answers" in app.text
        await pilot.press("enter")
        ((sent, outcome),) = app.answers
        assert outcome == "answered"
        assert sent["answers"]["zero"] == {"answers": ["user_note: noy"]}


async def test_a_paste_fills_the_field_and_answers_nothing() -> None:
    from textual import events

    app = Stage(state(questions(ask("name", "Which name?"))))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        app.dialog.post_message(events.Paste("one\ntwo\n"))
        await pilot.pause()
        assert "one" in app.text
        assert app.answers == []


async def test_escape_in_the_review_only_goes_back() -> None:
    app = Stage(state(questions(SIGN)))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("2")
        await app.live(pilot)
        await pilot.press("enter")
        await app.live(pilot)
        await pilot.press("escape")
        assert "● Floor" in app.text
        assert app.notes.wanted == []
