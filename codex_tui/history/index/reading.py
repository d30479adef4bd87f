"""What is said in one rollout file: the words of prompts and of answers, turn by turn.

A file is `{"timestamp", "type", "payload"}` a line. Who said what stands, by the engine that wrote it, in

    event_msg/user_message, agent_message     engines up to 0.150
    event_msg/item_completed                  newer ones: an item of type UserMessage, AgentMessage
    response_item/message                     every engine, for the model's eyes: with what was only told to
                                              the model, so it counts only where a file has none of the above

The oldest files have the payload alone as their lines. What is no JSON, too long or of another shape is
passed over: a damaged line takes nothing else with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, cast

if TYPE_CHECKING:
    from typing import BinaryIO

LINE_BOUND: Final = 4 << 20
"""Bytes of a line that is read: prompts end at 1 MiB of characters. Longer ones hold outputs and images."""
TEXT_BOUND: Final = 1 << 18
"""Characters of one message that are kept: what is pasted beyond them is in its file."""
MESSAGES_BOUND: Final = 1 << 16
"""Messages of one file that are kept."""
PIECE: Final = 4 << 20
"""Bytes that are read at once: between two pieces the work can be ended, and others can look things up."""

CONTEXT: Final = ("<environment_context>", "<user_instructions>", "<permissions ", "# AGENTS.md instructions")
"""How messages begin that the engine writes in the person's name."""

By = Literal["person", "agent"]

# What a line must contain to be worth parsing. The words may stand in a text too; parsing tells.
_EVENT: Final = b'"event_msg"'
_EVENTS: Final = (
    b'"user_message"', b'"agent_message"', b'"UserMessage"', b'"AgentMessage"', b'"task_started"',
    b'"task_complete"', b'"turn_aborted"', b'"thread_rolled_back"',
)  # fmt: skip
_SPARE: Final = b'"role"'
_BY_ITEM: Final[dict[str, By]] = {"UserMessage": "person", "AgentMessage": "agent"}
_BY_EVENT: Final[dict[str, By]] = {"user_message": "person", "agent_message": "agent"}
_BY_ROLE: Final[dict[str, By]] = {"user": "person", "assistant": "agent"}


@dataclass(frozen=True, slots=True)
class Place:
    """A message. `at` is its number in the file, `turn` its turn's (from 0, as far as known).

    `turn_id` is "" where the engine gave none. A `spare` one is of the kind that counts only alone.
    """

    at: int
    turn: int
    turn_id: str
    by: By
    text: str
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a file was read: `offset` is behind the last whole line."""

    offset: int = 0
    turn: int = -1
    turn_id: str = ""
    count: int = 0  # messages so far
    is_told: bool = False  # it has messages that are not spare


@dataclass(slots=True)
class Piece:
    """What the next piece of a file adds. First all messages of turns from `cut` on go, if it is a number."""

    reading: Reading
    places: list[Place] = field(default_factory=list[Place])
    cut: int | None = None
    is_last: bool = True


def read_piece(file: BinaryIO, reading: Reading, bound: int = PIECE) -> Piece:
    """Reads on where `reading` ends, for about `bound` bytes. An unfinished last line is left for later.

    Raises OSError.
    """
    file.seek(reading.offset)
    piece = _Reader(reading)
    taken = 0
    while taken < bound:
        line = file.readline(LINE_BOUND + 1)
        length = len(line)
        while line and not line.endswith(b"\n"):
            is_long = length > LINE_BOUND
            more = file.readline(LINE_BOUND) if is_long else b""
            if not more:
                return piece.done(taken, is_last=True)
            length += len(more)
            line = more if is_long else line
        if not line:
            return piece.done(taken, is_last=True)
        taken += length
        if length <= LINE_BOUND + 1:
            piece.take(line)
    return piece.done(taken, is_last=False)


class _Reader:
    """Lines into messages."""

    def __init__(self, reading: Reading) -> None:
        self._from = reading
        self._turn, self._turn_id, self._count = reading.turn, reading.turn_id, reading.count
        self._told = reading.is_told
        self._places: list[Place] = []
        self._cut: int | None = None

    def done(self, taken: int, *, is_last: bool) -> Piece:
        places = [place for place in self._places if not (place.spare and self._told)]
        reading = replace(
            self._from,
            offset=self._from.offset + taken,
            turn=self._turn,
            turn_id=self._turn_id,
            count=self._count,
            is_told=self._told,
        )
        return Piece(reading, places, self._cut, is_last)

    def take(self, line: bytes) -> None:
        if _EVENT in line:
            if any(kind in line for kind in _EVENTS):
                self._event(_object(_parsed(line).get("payload")))
        elif not self._told and _SPARE in line:
            told = _parsed(line)
            self._message(_object(told.get("payload")) if "payload" in told else told)

    def _event(self, event: dict[str, Any]) -> None:
        kind = _text(event.get("type"))
        if kind == "task_started":
            self._turn += 1
            self._turn_id = _text(event.get("turn_id"))
        elif kind in ("task_complete", "turn_aborted"):
            self._turn_id = ""
        elif kind == "thread_rolled_back":
            self._roll_back(event.get("num_turns"))
        elif (by := _BY_EVENT.get(kind)) is not None:
            self._say(by, _text(event.get("message")))
        elif kind == "item_completed":
            item = _object(event.get("item"))
            if (by := _BY_ITEM.get(_text(item.get("type")))) is not None:
                self._say(by, _said(item.get("content")))

    def _message(self, message: dict[str, Any]) -> None:
        by = _BY_ROLE.get(_text(message.get("role")))
        if message.get("type") == "message" and by is not None:
            text = _said(message.get("content"))
            if not text.startswith(CONTEXT):
                self._say(by, text, spare=True)

    def _say(self, by: By, text: str, *, spare: bool = False) -> None:
        if not spare:
            self._told = True
        if by == "person" and not self._turn_id and not spare:
            self._turn += 1  # engines that name no turns begin one with each prompt
        if not text.strip() or self._count >= MESSAGES_BOUND:
            return
        self._places.append(
            Place(self._count, max(0, self._turn), self._turn_id, by, text[:TEXT_BOUND], spare)
        )
        self._count += 1

    def _roll_back(self, turns: object) -> None:
        """The last turns were taken back (`thread/rollback`)."""
        if not isinstance(turns, int) or turns < 1:
            return
        self._turn, self._turn_id = max(-1, self._turn - turns), ""
        cut = self._turn + 1
        self._cut = cut if self._cut is None else min(self._cut, cut)
        self._places = [place for place in self._places if place.turn < cut]


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        return _object(json.loads(line))
    except (ValueError, RecursionError):
        return {}


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _said(content: object) -> str:
    """The texts of a message's parts (`{"type": "text", "text"}` in whichever spelling), one a line."""
    parts = cast("list[object]", content) if isinstance(content, list) else []
    return "\n".join(text for part in parts if (text := _text(_object(part).get("text"))))
