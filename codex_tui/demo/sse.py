"""One scripted model turn as the server-sent events of the Responses API.

A turn is a list of steps, plain dictionaries so that scripts can live in JSON files:

=================================================  ==================================================
`{"msg": text}`                                    an assistant message; `chunk` characters a delta
                                                   (default 20), `pause` seconds after each delta
                                                   (default 0), `times` repeats the text, `phase`,
                                                   `nodone` leaves the item open
`{"reason": text or [texts]}`                      a reasoning item, one summary part a text;
                                                   `chunk` and `pause` as above
`{"rawreason": text}`                              a reasoning item with raw text
`{"call": name, "args": object or text}`           a function call; `ns` its namespace, `id` its call id
`{"custom": name, "input": text}`                  a custom tool call (`apply_patch`); `chunk`, `pause`,
                                                   `id` as above
`{"search": query}`                                a web search that is already done
`{"delay": seconds}`                               silence
`{"usage": {"input": n, "output": n}}`             the token counts of this answer
`{"error": {"code", "message"}}`                   the answer fails (`response.failed`)
`{"incomplete": reason}`                           the answer stops early (`response.incomplete`)
`{"drop": true}`                                   the connection breaks here
`{"http": status, "body": …, "headers": {…}}`      no stream at all: a plain HTTP answer
=================================================  ==================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as json_text
from typing import Any

JsonObject = dict[str, Any]
Step = JsonObject
Turn = list[Step]

CHUNK = 20
"""Characters a delta where the script does not say: about what a real model sends."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent for `seconds`; what came before has been sent."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection breaks here, without the end mark of the stream."""


Piece = bytes | Pause | Drop
"""What a turn is made of, in order: bytes to send, silence, a break."""


def event(kind: str, **members: Any) -> bytes:
    """One server-sent event, `data` holding `{"type": kind, **members}`."""
    data = json.dumps({"type": kind, **members}, separators=(",", ":"))
    return f"event: {kind}\ndata: {data}\n\n".encode()


def delta_events(kind: str, members: JsonObject, text: str, step: Step) -> Iterator[Piece]:
    """`text` as a row of delta events; one piece if the script asks for no pause between them.

    The part of the event that stays the same is encoded once: 7,500 deltas take a few milliseconds.
    """
    chunk = max(1, int(step.get("chunk", CHUNK)))
    pause = float(step.get("pause", 0))
    head, tail = event(kind, **members, delta="\0").decode().split('"\\u0000"')
    encoded = ((head + json_text(text[start : start + chunk]) + tail) for start in range(0, len(text), chunk))
    if pause <= 0:
        yield "".join(encoded).encode()
        return
    for one in encoded:
        yield one.encode()
        yield Pause(pause)


class Answer:
    """The encoder of one answer: gives ids to its items and counts what was said."""

    def __init__(self, number: int, input_items: int = 0) -> None:
        """`number` tells the ids of this answer from every other's; `input_items` feeds the token count."""
        self.number = number
        self.response_id = f"resp_{number}"
        self.index = 0
        self.said = 0
        self.usage: JsonObject = {"input": 1000 + 250 * input_items}

    def pieces(self, turn: Turn) -> Iterator[Piece]:
        """The whole answer, from `response.created` to its end."""
        yield event("response.created", response={"id": self.response_id})
        for step in turn:
            if "delay" in step:
                yield Pause(float(step["delay"]))
            elif "usage" in step:
                self.usage |= step["usage"]
            elif "drop" in step:
                yield Drop()
                return
            elif "error" in step:
                yield event("response.failed", response={"id": self.response_id, "error": step["error"]})
                return
            elif "incomplete" in step:
                details = {"reason": step["incomplete"]}
                yield event(
                    "response.incomplete", response={"id": self.response_id, "incomplete_details": details}
                )
                return
            else:
                yield from self.item(step)
                self.index += 1
        yield event(
            "response.completed",
            response={"id": self.response_id, "usage": self.usage_report(), "output": []},
        )

    def item(self, step: Step) -> Iterator[Piece]:
        """One output item with its deltas. Raises ValueError for a step of no known kind."""
        if "msg" in step:
            return self.message(step)
        if "reason" in step or "rawreason" in step:
            return self.reasoning(step)
        if "call" in step:
            return self.function_call(step)
        if "custom" in step:
            return self.custom_call(step)
        if "search" in step:
            return self.web_search(step)
        raise ValueError(f"not a step of a model turn: {step!r}")

    def item_id(self, prefix: str) -> str:
        return f"{prefix}_{self.number}_{self.index}"

    def call_id(self, step: Step) -> str:
        return str(step.get("id") or f"call_{self.number}_{self.index}")

    def added(self, item: JsonObject) -> bytes:
        return event("response.output_item.added", output_index=self.index, item=item)

    def done(self, item: JsonObject) -> bytes:
        return event("response.output_item.done", output_index=self.index, item=item)

    def message(self, step: Step) -> Iterator[Piece]:
        text = str(step["msg"]) * int(step.get("times", 1))
        self.said += len(text)
        item: JsonObject = {
            "type": "message",
            "role": "assistant",
            "id": self.item_id("msg"),
            "status": "in_progress",
            "content": [],
        }
        if "phase" in step:
            item["phase"] = step["phase"]
        yield self.added(item)
        where = {"item_id": item["id"], "output_index": self.index, "content_index": 0}
        yield from delta_events("response.output_text.delta", where, text, step)
        if not step.get("nodone"):
            content: list[JsonObject] = [{"type": "output_text", "text": text, "annotations": []}]
            yield self.done({**item, "status": "completed", "content": content})

    def reasoning(self, step: Step) -> Iterator[Piece]:
        given = step.get("reason", [])
        parts: list[str] = [given] if isinstance(given, str) else list(given)
        raw = str(step.get("rawreason", ""))
        item: JsonObject = {"type": "reasoning", "id": self.item_id("rs"), "summary": []}
        yield self.added(item)
        for number, text in enumerate(parts):
            self.said += len(text)
            where = {"item_id": item["id"], "output_index": self.index, "summary_index": number}
            yield event(
                "response.reasoning_summary_part.added", **where, part={"type": "summary_text", "text": ""}
            )
            yield from delta_events("response.reasoning_summary_text.delta", where, text, step)
            yield event("response.reasoning_summary_text.done", **where, text=text)
        done: JsonObject = {
            **item,
            "summary": [{"type": "summary_text", "text": text} for text in parts],
            "encrypted_content": None,
        }
        if raw:
            self.said += len(raw)
            where = {"item_id": item["id"], "output_index": self.index, "content_index": 0}
            yield from delta_events("response.reasoning_text.delta", where, raw, step)
            done["content"] = [{"type": "reasoning_text", "text": raw}]
        yield self.done(done)

    def function_call(self, step: Step) -> Iterator[Piece]:
        args = step.get("args", {})
        item: JsonObject = {
            "type": "function_call",
            "id": self.item_id("fc"),
            "call_id": self.call_id(step),
            "name": step["call"],
            "arguments": args if isinstance(args, str) else json.dumps(args, ensure_ascii=False),
        }
        if "ns" in step:
            item["namespace"] = step["ns"]
        yield self.added({**item, "arguments": ""})
        yield self.done(item)

    def custom_call(self, step: Step) -> Iterator[Piece]:
        text = str(step.get("input", ""))
        item: JsonObject = {
            "type": "custom_tool_call",
            "id": self.item_id("ctc"),
            "call_id": self.call_id(step),
            "name": step["custom"],
            "input": "",
        }
        yield self.added(item)
        where = {"item_id": item["id"], "output_index": self.index, "call_id": item["call_id"]}
        yield from delta_events("response.custom_tool_call_input.delta", where, text, step)
        yield self.done({**item, "input": text})

    def web_search(self, step: Step) -> Iterator[Piece]:
        action = {"type": "search", "query": step["search"]}
        item: JsonObject = {"type": "web_search_call", "id": self.item_id("ws"), "status": "in_progress"}
        yield self.added(item)
        yield self.done({**item, "status": "completed", "action": action})

    def usage_report(self) -> JsonObject:
        """Token counts: made up, but growing with the conversation, so that context figures move."""
        given = int(self.usage["input"])
        made = int(self.usage.get("output", 1 + self.said // 4))
        return {
            "input_tokens": given,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": made,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": given + made,
        }
