"""What is said in a rollout file, whichever engine wrote it and however it was damaged."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from codex_tui.history.index.files import rollouts
from codex_tui.history.index.reading import (
    LINE_BOUND,
    MESSAGES_BOUND,
    TEXT_BOUND,
    Piece,
    Reading,
    read_piece,
)
from tests.history.index.rollouts import (
    GENERATIONS,
    Generation,
    Home,
    head,
    item,
    line,
    message,
    rolled_back,
    thread,
    turn,
)


def read(text: str | bytes, reading: Reading | None = None) -> Piece:
    return read_piece(io.BytesIO(text if isinstance(text, bytes) else text.encode()), reading or Reading())


def said(text: str | bytes) -> list[tuple[str, str]]:
    return [(place.by, place.text) for place in read(text).places]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_prompts_and_answers_are_said_and_nothing_else_is(generation: Generation) -> None:
    text = (
        head(generation)
        + turn(generation, "u1", "How long?", "A day.", "Or two.")
        + turn(generation, "u2", "Why?")
    )
    assert said(text) == [
        ("person", "How long?"),
        ("agent", "A day."),
        ("agent", "Or two."),
        ("person", "Why?"),
    ]


@pytest.mark.parametrize(
    ("generation", "turns"),
    [("events", [(0, "u1"), (0, "u1"), (1, "u2")]), ("unnamed", [(0, ""), (0, ""), (1, "")]),
     ("items", [(0, "u1"), (0, "u1"), (1, "u2")])],
)  # fmt: skip
def test_each_message_stands_in_its_turn(generation: Generation, turns: list[tuple[int, str]]) -> None:
    text = head(generation) + turn(generation, "u1", "a", "b") + turn(generation, "u2", "c")
    assert [(place.turn, place.turn_id) for place in read(text).places] == turns


def test_a_prompt_that_steers_a_turn_begins_none() -> None:
    events = [
        ("task_started", "turn_id", "u1"),
        ("user_message", "message", "a"),
        ("user_message", "message", "b"),
    ]
    text = "".join(line("event_msg", {"type": kind, name: value}) for kind, name, value in events)
    assert [place.turn for place in read(text).places] == [0, 0]


def test_turns_that_were_taken_back_are_no_longer_said() -> None:
    text = turn("events", "u1", "one") + turn("events", "u2", "two") + turn("events", "u3", "three")
    assert said(text + rolled_back(2) + turn("events", "u4", "four")) == [
        ("person", "one"),
        ("person", "four"),
    ]
    assert said(text + rolled_back(9)) == []


def test_what_was_read_before_is_cut_where_turns_are_taken_back() -> None:
    first = turn("events", "u1", "one") + turn("events", "u2", "two")
    before = read(first).reading
    piece = read(first + rolled_back(1) + turn("events", "u3", "three"), before)
    assert (piece.cut, [(place.turn, place.text) for place in piece.places]) == (1, [(1, "three")])


def test_what_only_the_model_is_told_counts_until_something_is_said() -> None:
    spare = line("response_item", message("user", "told to the model"))
    first = read(spare)
    assert [place.spare for place in first.places] == [True]
    assert not first.reading.is_told
    both = read(spare + turn("events", "u1", "said"))
    assert [(place.text, place.spare) for place in both.places] == [("said", False)]


def test_reading_goes_on_where_it_ended() -> None:
    whole = head("items") + "".join(
        turn("items", f"u{at}", f"prompt {at}", f"answer {at}") for at in range(9)
    )
    file = io.BytesIO(whole.encode())
    piece = read_piece(file, Reading(), 1)
    places = list(piece.places)
    pieces = 1
    while not piece.is_last:
        piece = read_piece(file, piece.reading, 1)
        places += piece.places
        pieces += 1
    assert pieces > 9
    assert places == read(whole).places
    assert piece.reading == read(whole).reading


def test_an_unfinished_line_is_left_until_it_is_whole() -> None:
    text = turn("items", "u1", "first", "second")
    half = text[: text.index("second") + 3]
    piece = read(half)
    assert [place.text for place in piece.places] == ["first"]
    assert half[piece.reading.offset :].startswith('{"timestamp"')
    assert [place.text for place in read(text, piece.reading).places] == ["second"]


@pytest.mark.parametrize(
    "damage",
    [
        b"\x00\xff\xfe agent_message event_msg\n",
        b'{"type": "event_msg", "payload": {"type": "user_message", "message"\n',
        b'{"type": "event_msg", "payload": "user_message"}\n',
        b'{"type": "event_msg", "payload": {"type": "agent_message", "message": {"role": 1}}}\n',
        b'{"type": "event_msg", "payload": {"type": "item_completed", "item": ["UserMessage"]}}\n',
        b'{"type": "event_msg", "payload": {"type": "item_completed", "item": {"type": ["AgentMessage"]}}}\n',
        b'{"type": "event_msg", "payload": {"type": ["user_message"], "message": "x"}}\n',
        b'{"type": "event_msg", "payload": {"type": "thread_rolled_back", "num_turns": "1"}}\n',
        b'["role", "event_msg", "user_message"]\n',
        b"[" * 100_000 + b'"event_msg" "user_message"\n',
        b'{"role": {}, "type": "message", "content": "x"}\n',
        b"\n\n",
        b"9" * 5000 + b' "event_msg" "user_message"\n',
    ],
)
def test_a_damaged_line_takes_nothing_else_with_it(damage: bytes) -> None:
    before, after = turn("events", "u1", "before").encode(), turn("events", "u2", "after").encode()
    assert said(before + damage + after) == [("person", "before"), ("person", "after")]


def test_an_enormous_line_is_passed_over() -> None:
    for more in (-1, 0, 1, LINE_BOUND):
        long = b'"event_msg" "user_message"' + b"x" * (LINE_BOUND + more - 26) + b"\n"
        text = turn("events", "u1", "before").encode() + long + turn("events", "u2", "after").encode()
        first = read(text)
        places = [*first.places, *([] if first.is_last else read(text, first.reading).places)]
        assert [place.text for place in places] == ["before", "after"]
        endless = read(long[:-1], Reading())
        assert endless.is_last
        assert endless.reading.offset == 0


def test_messages_and_their_number_are_bounded() -> None:
    (place,) = read(item("u", "UserMessage", "x" * (TEXT_BOUND + 1))).places
    assert len(place.text) == TEXT_BOUND
    full = Reading(count=MESSAGES_BOUND)
    assert read(turn("items", "u", "one more"), full).places == []


def test_a_text_that_looks_like_a_record_is_a_text() -> None:
    text = json.dumps({"type": "event_msg", "payload": {"type": "agent_message", "message": "x"}})
    assert said(turn("items", "u", text)) == [("person", text)]


def test_rollout_files_are_found_where_engines_keep_them_newest_first(tmp_path: Path) -> None:
    home = Home(tmp_path)
    one, two = home.write(1, ""), home.write(2, "", archived=True)
    again = one.with_name(one.name.replace(".jsonl", f"_{thread(9)}.jsonl"))
    again.write_text("")
    home.touch(again)
    (one.parent / "notes.jsonl").write_text("")
    (one.parent / "rollout-x.jsonl").symlink_to(one)
    one.with_name(one.name + ".zst").write_text("")
    (tmp_path / "sessions" / "rollout-x-of.jsonl").mkdir()
    assert [(file.path, file.thread_id, file.archived) for file in rollouts(tmp_path)] == [
        (str(again), thread(1), False),
        (str(two), thread(2), True),
        (str(one), thread(1), False),
    ]
    assert rollouts(tmp_path / "nowhere") == []
