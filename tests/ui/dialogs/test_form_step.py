"""Filling in a form: keys, errors, the review, and what leaves."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from codex_tui.dialogs.form.fields import ChoiceEntry
from codex_tui.dialogs.form.form import FormStep
from codex_tui.dialogs.form.review import ReviewStep, complaint
from codex_tui.paint.look import Look
from tests.ui.dialogs.mcp import asked, choice_of, first, form, press, sent_by, text_of, typed

BOOKING: dict[str, Any] = {
    "day": {"type": "string", "title": "Day", "format": "date"},
    "guests": {"type": "integer", "title": "Guests", "minimum": 1, "maximum": 12, "default": 2},
    "meal": {"type": "string", "title": "Meal", "enum": ["lunch", "dinner"]},
    "name": {"type": "string", "title": "Full name", "minLength": 2, "maxLength": 40},
    "window": {"type": "boolean", "title": "By the window"},
    "wishes": {"type": "array", "items": {"type": "string", "enum": ["quiet", "late"]}},
}


def booking() -> FormStep:
    step = first(form(BOOKING, ["name", "guests", "meal"]))
    assert isinstance(step, FormStep)
    return step


def content(step: Any) -> Any:
    sent = sent_by(press(step, "f10"), "y")
    return None if sent is None else sent["content"]


def test_a_form_is_filled_in_reviewed_and_sent() -> None:
    step = typed(booking(), "Ada")
    step = press(step, "tab", "backspace", "4", "tab", "right", "space", "tab")
    step = press(typed(step, "2026-02-03"), "down", "space", "down", "space")
    review = press(step, "f10")
    assert isinstance(review, ReviewStep)
    expected = {
        "name": "Ada",
        "guests": 4,
        "meal": "dinner",
        "day": "2026-02-03",
        "window": True,
        "wishes": ["quiet"],
    }
    assert sent_by(review, "y") == {"action": "accept", "content": expected}
    shown = "".join(line.partition("▌ ")[2] for line in text_of(review).splitlines() if "▌ " in line)
    assert json.loads(shown) == expected


def test_nothing_can_be_sent_from_the_form_itself() -> None:
    step = typed(booking(), "Ada")
    assert [c.key for c in step.sheet.choices if c.outcome == "accept"] == []
    accept = choice_of(press(press(step, "tab", "tab", "space"), "f10"), "y")
    assert accept is not None
    assert accept.grants


def test_decline_and_cancel_are_there_and_distinct() -> None:
    step = booking()
    assert sent_by(step, "f8") == {"action": "decline"}
    assert sent_by(step, "escape") == {"action": "cancel"}
    review = press(typed(step, "Ada"), "tab", "tab", "space", "f10")
    assert isinstance(review, ReviewStep)
    assert sent_by(review, "f8") == {"action": "decline"}
    back = choice_of(review, "escape")
    assert back is not None
    assert back.outcome == ""


def test_a_review_of_a_form_with_errors_goes_to_the_first_of_them() -> None:
    step = press(typed(booking(), "A"), "tab", "f10")
    assert isinstance(step, FormStep)
    assert step.at == 0
    text = text_of(step)
    assert "✗ too short by 1" in text
    assert "✗ needed: pick one" in text


def test_an_error_stands_beside_its_field_once_the_field_was_left() -> None:
    step = typed(press(booking(), "tab", "tab", "tab"), "2026-13-01")
    assert "not a date" not in text_of(step)
    (line,) = [line for line in text_of(press(step, "tab")).splitlines() if "2026-13-01" in line]
    assert "✗ not a date (YYYY-MM-DD)" in line


@pytest.mark.parametrize("letter", list("ydonfcusa1 "))
def test_no_letter_answers_while_a_field_takes_text(letter: str) -> None:
    for step in (booking(), press(booking(), "tab", "tab"), press(booking(), "up")):
        assert step.press(letter, letter) is not None


def test_editing_keys_work_in_a_text_field() -> None:
    step = typed(booking(), "Ada Lvelace")
    step = press(step, *["left"] * 6)
    step = press(typed(step, "o"), "home", "delete", "a", "end", "backspace")
    assert step.content["name"] == "ada Lovelac"  # type: ignore[union-attr]
    assert press(step, "ctrl+u").content.get("name") is None  # type: ignore[union-attr]
    assert press(step, "ctrl+w").content["name"] == "ada "  # type: ignore[union-attr]


def test_a_paste_goes_into_the_field_without_the_line_end_it_came_with() -> None:
    step = booking().paste("Ada\r\nLovelace\n")
    assert isinstance(step, FormStep)
    assert step.content["name"] == "Ada\nLovelace"
    assert r"Ada\x0aLovelace" in text_of(step)


def test_a_paste_that_is_too_long_is_left_out_and_said() -> None:
    step = booking().paste("x" * 20_001)
    assert isinstance(step, FormStep)
    assert "name" not in step.content
    assert "that was too long" in text_of(press(step, "tab"))


def test_a_field_that_is_not_needed_and_not_filled_in_is_left_out() -> None:
    step = press(typed(booking(), "Ada"), "tab", "tab", "space")
    assert content(step) == {"name": "Ada", "guests": 2, "meal": "lunch"}


def test_a_default_is_shown_and_leaves_only_after_the_review() -> None:
    confirm = {"type": "boolean", "title": "Delete all data", "default": True}
    step = first(form({"confirm": confirm}))
    assert "(•) yes" in text_of(step)
    assert press(step, "enter", "enter", "y").press("y", "y") is not None
    assert content(step) == {"confirm": True}


def test_a_single_choice_can_be_taken_back_where_it_is_not_needed() -> None:
    choice = {"type": "string", "enum": ["a", "b"]}
    step = press(first(form({"x": choice})), "space")
    assert content(step) == {"x": "a"}
    assert content(press(step, "space")) == {}
    assert content(press(press(first(form({"x": choice}, ["x"])), "space"), "space")) == {"x": "a"}


def test_several_choices_keep_to_their_number() -> None:
    tags = {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 1, "maxItems": 2}
    step = press(first(form({"x": tags}, ["x"])), "space", "right", "space", "right", "space")
    assert "✗ 1 too many" in text_of(press(step, "f10"))
    assert content(press(step, "space")) == {"x": ["a", "b"]}
    assert "✗ pick 1 more" in text_of(press(first(form({"x": tags}, ["x"])), "f10"))


def test_a_long_choice_is_filtered_by_typing() -> None:
    many = {"type": "string", "enum": [f"v{index}" for index in range(10_000)]}
    step = typed(first(form({"x": many}, ["x"])), "V9876")
    assert "1 of 10,000" in text_of(step)
    assert content(press(step, "space")) == {"x": "v9876"}


def test_up_and_down_walk_through_a_list_and_out_of_it() -> None:
    many = {"type": "string", "enum": [f"v{index}" for index in range(20)]}
    step = first(form({"x": many, "y": {"type": "string"}}))
    step = press(step, *["down"] * 19)
    assert isinstance(step, FormStep)
    assert step.at == 0
    assert content(press(step, "space")) == {"x": "v19"}
    after = press(step, "down")
    assert isinstance(after, FormStep)
    assert after.at == 1


def test_ten_thousand_values_open_and_move_quickly() -> None:
    values = [{"const": f"v{index}", "title": f"Value {index}"} for index in range(10_000)]
    question = form({"x": {"type": "string", "oneOf": values}}, ["x"])
    opened: list[float] = []
    pressed: list[float] = []
    for _ in range(3):  # the best of them: the machine may be busy
        began = time.process_time()
        step = first(question)
        assert len(step.sheet.body(Look(width=76))) < 20
        opened.append(time.process_time() - began)
        began = time.process_time()
        len(press(step, "7").sheet.body(Look(width=76)))
        pressed.append(time.process_time() - began)
    assert min(opened) < 0.2
    assert min(pressed) < 0.1


def test_a_secret_is_drawn_as_dots_until_asked_for_and_in_no_repr() -> None:
    step = typed(first(form({"password": {"type": "string"}}, ["password"])), "hunter2")
    assert "hunter2" not in text_of(step)
    assert "looks like a secret" in text_of(step)
    review = press(step, "f10")
    assert "hunter2" not in text_of(review)
    assert "hunter2" in text_of(press(review, "v"))
    assert sent_by(review, "y") == {"action": "accept", "content": {"password": "hunter2"}}
    assert "hunter2" not in repr(step) + repr(review)


def test_foreign_words_are_shown_as_they_are_and_hidden_ones_visibly() -> None:
    step = first(
        form(
            {
                "a b/[x]\x1b": {"type": "string", "title": "\u202eemaN[@click=app.quit]x[/]"},
                "": {"type": "string"},
            },
            message="[bold]see https://evil.example/\x1b]8;;x\x07",
            serverName="co\u202edex",
        )
    )
    text = text_of(step)
    assert (
        "<U+202E>emaN[@click=app.quit]x[/]" in text.replace("\n", "").replace(" ", "") or "<U+202E>" in text
    )
    assert r"[bold]see https://evil.example/\x1b]8;;x\x07" in text
    assert 'MCP server "co<U+202E>dex" asks' in text
    assert "not Codex" in text
    assert "(no name)" in text


def test_a_form_without_a_message_says_so() -> None:
    assert "no message was given" in text_of(first(form(BOOKING, message="")))


def test_the_message_is_read_from_its_beginning_and_the_focus_followed_after_the_first_key() -> None:
    step = first(form(BOOKING, ["name"], message="long words " * 200))
    look = Look(width=76)
    assert step.sheet.focus is not None
    assert step.sheet.focus(look) == 0
    moved = press(step, "tab").sheet
    assert moved.focus is not None
    assert moved.focus(look) > 20


def test_a_form_without_fields_is_a_plain_yes_or_no() -> None:
    step = first(form({}))
    assert sent_by(step, "y") == {"action": "accept", "content": {}}
    assert sent_by(step, "d") == {"action": "decline"}
    assert sent_by(step, "escape") == {"action": "cancel"}


@pytest.mark.parametrize("mode", ["openai/form", "openaiForm"])
def test_the_engines_own_forms_are_shown_when_they_fit(mode: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    assert content(typed(first(asked(mode=mode, requestedSchema=schema)), "x")) == {"a": "x"}
    unfit = first(asked(mode=mode, requestedSchema={"anything": 1}))
    assert [choice.key for choice in unfit.sheet.choices] == ["d", "escape"]


@pytest.mark.parametrize(
    "more",
    [
        {"mode": "form", "requestedSchema": {"type": "object", "properties": {"a": {"type": "weird"}}}},
        {"mode": "form", "requestedSchema": None},
        {"mode": "openai/userVerification", "title": "t", "description": "d", "challenge": "c"},
        {"mode": "telepathy"},
    ],
)
def test_what_cannot_be_answered_with_yes_is_shown_whole_with_its_reason(more: dict[str, Any]) -> None:
    step = first(asked(**more))
    assert sent_by(step, "d") == {"action": "decline"}
    assert sent_by(step, "escape") == {"action": "cancel"}
    assert len(step.sheet.choices) == 2
    assert "it can be declined or cancelled, not accepted" in text_of(step)
    for name, value in more.items():
        assert json.dumps(name) in text_of(step)
        if isinstance(value, str):
            assert json.dumps(value) in text_of(step)


def test_a_deep_schema_is_declined_without_falling_over() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(10_000):
        deep = {"type": "object", "properties": {"a": deep}}
    step = first(asked(mode="form", requestedSchema=deep))
    assert "nested too deep" in text_of(step)


def test_an_answer_that_does_not_meet_the_schema_has_no_key_to_send_it() -> None:
    rules = {"type": "object", "properties": {"a": {"type": "integer"}}}
    review = ReviewStep("x", {"a": "hunter2"}, rules)
    assert choice_of(review, "y") is None
    wrong = complaint({"a": "hunter2"}, rules)
    assert wrong is not None
    assert "hunter2" not in wrong


# -- whatever is typed into whatever form ---------------------------------------------------

_WORDS = st.text(st.characters(codec="utf-8"), max_size=6)
_COUNT = st.integers(0, 4)


def _maybe(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


_VALUES = st.lists(_WORDS, min_size=1, max_size=12, unique=True)
_PROPERTY = st.one_of(
    _maybe(
        title=_WORDS,
        minLength=st.integers(0, 2),
        maxLength=st.integers(2, 24),
        default=_WORDS,
        format=st.sampled_from(["email", "uri", "date", "date-time", "odd"]),
        pattern=st.sampled_from(["^a", "[0-9]+", "(a+)+$", "(["]),
    ).map(lambda more: {"type": "string", **more}),
    _maybe(minimum=st.integers(-5, 5), maximum=st.integers(-5, 5), default=st.integers(-9, 9)).map(
        lambda more: {"type": "integer", **more}
    ),
    _maybe(minimum=st.floats(-5, 5), maximum=st.floats(-5, 5), default=st.floats(-9, 9)).map(
        lambda more: {"type": "number", **more}
    ),
    _maybe(default=st.booleans()).map(lambda more: {"type": "boolean", **more}),
    _VALUES.map(lambda values: {"type": "string", "enum": values}),
    _VALUES.map(lambda values: {"type": "string", "oneOf": [{"const": v, "title": v * 2} for v in values]}),
    st.tuples(_VALUES, _maybe(minItems=_COUNT, maxItems=_COUNT, default=st.lists(_WORDS, max_size=2))).map(
        lambda pair: {"type": "array", "items": {"type": "string", "enum": pair[0]}, **pair[1]}
    ),
)
_KEY = st.one_of(
    st.sampled_from(["2026-02-03", "a@b.c", "x:y", "3", "a1", "2026-02-03T04:05:06Z", "-1.5e0"]),
    st.sampled_from(["space", "right", "backspace", "a", "1"]),
    st.sampled_from(["shift+tab", "up", "down", "left", "home", "end", "enter", "delete", "f8", "f10"]),
    st.sampled_from([*"-.@:/T9e ydf", "ctrl+u", "ctrl+w"]),
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
)
_FILLED = st.lists(_KEY, min_size=1, max_size=3).map(lambda keys: ["ctrl+u", *keys, "tab"])
_KEYS = st.lists(_FILLED, min_size=4, max_size=8).map(lambda groups: [key for keys in groups for key in keys])


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(_WORDS, _PROPERTY, min_size=1, max_size=4), st.data())
def test_whatever_is_typed_only_what_meets_the_schema_leaves(properties: Any, data: Any) -> None:
    names = st.lists(st.sampled_from(sorted(properties)), unique=True)
    schema = {"type": "object", "properties": properties, "required": data.draw(names)}
    step = first(asked(mode="form", requestedSchema=schema))
    if not isinstance(step, FormStep):
        return
    for key in data.draw(_KEYS):
        if len(key) > 1 and (key[0].isdigit() or key[0] in "ax-"):
            after = step.paste(key)
        else:
            character = " " if key == "space" else key if len(key) == 1 else None
            after = step.press(key, character)
        assert isinstance(after, FormStep | None)
        step = after or step
        entry = step.entries[step.at]
        assert not isinstance(entry, ChoiceEntry) or 0 <= entry.at < len(entry.options)
        body = step.sheet.body(Look(width=40))
        assert all(body.paint(row).cell_length <= 40 for row in range(len(body)))
    review = press(step, "f10")
    if isinstance(review, FormStep):
        assert any(review.errors)
        return
    sent = sent_by(review, "y")
    assert sent is not None, text_of(review)
    plain = json.loads(json.dumps(sent["content"], allow_nan=False))
    for described in properties.values():
        if described.get("pattern") in {"(a+)+$", "(["}:
            described.pop("pattern")
    assert complaint(plain, schema) is None
    assert Draft7Validator(schema).is_valid(plain)  # pyright: ignore[reportUnknownMemberType]


def test_a_message_of_a_million_characters_does_not_slow_down_typing() -> None:
    step = first(form({"a": {"type": "string"}}, message="word " * 200_000))
    look = Look(width=76)
    len(step.sheet.body(look))
    taken: list[float] = []
    for _ in range(3):  # the best of them: the machine may be busy
        began = time.process_time()
        step = press(step, "a")
        body = step.sheet.body(look)
        body.paint(len(body) - 1)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.05
