"""Replay recordings through the protocol's models and the reducer: `python -m tests.replay DIR`.

Prints a line a file and exits non-zero when one raises, hangs, breaks a rule that always holds,
or ends with another text of a message, a command or a diff than its last `item/completed` said.
What those said is collected from the raw JSON, with none of the client's own models.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from codex_tui.engine.recorder import Entry, read_recording
from codex_tui.errors import ClientError
from codex_tui.protocol.account import AccountReadResult
from codex_tui.protocol.base import ForeignShapeError, JsonObject
from codex_tui.protocol.events import (
    AccountKnown,
    Answered,
    Asked,
    EngineReady,
    EngineStarting,
    EngineStopped,
    Event,
    LineSkipped,
    PromptFailed,
    PromptSent,
    ThreadOpened,
    UnknownNotified,
)
from codex_tui.protocol.items import (
    AgentMessage,
    CommandExecution,
    FileChange,
    PlanItem,
    Reasoning,
    UserMessage,
)
from codex_tui.protocol.registry import ignores, notified, parse_request, parse_result
from codex_tui.protocol.threads import OpenedThread, ThreadResumeResult
from codex_tui.session.reducer import reduce_all
from codex_tui.session.reducer.dispatch import take
from codex_tui.session.state import State
from codex_tui.session.transcript import Item

DEADLINE = 60.0
"""Seconds one recording may take: the longest takes under one, and a hang must not stop a build."""

BATCH = 64
"""Events taken at once in the second pass, in which neighbouring deltas become one."""

OPENINGS = {"thread/start": "started", "thread/resume": "resumed"}
PROMPTS = {"turn/start": "turn", "turn/steer": "steer", "thread/queue/add": "queue"}

ItemKey = tuple[str, str, str]
"""Thread, turn and item: an item's id is the model's, and models repeat themselves."""


@dataclass
class Translation:
    """What one client of a recording saw, as events. Engines are told apart by their `eof` lines."""

    generation: int = 1
    running: bool = False
    asked: dict[tuple[type, Any], JsonObject] = field(default_factory=dict[tuple[type, Any], JsonObject])

    def events(self, entry: Entry) -> Iterator[Event]:
        """The events of one line."""
        message: Any = entry.msg
        if entry.dir == "eof":
            yield from self._ended()
        elif entry.dir == "raw":
            yield LineSkipped("not a message", str(message)[:200])
        elif entry.dir in ("in", "out") and isinstance(message, dict):
            if not self.running:
                self.running = True
                yield EngineStarting(self.generation, "recorded")
            said = cast("JsonObject", message)
            yield from self._received(said, entry.t) if entry.dir == "in" else self._sent(said, entry.t)
        elif entry.dir == "in":
            yield LineSkipped("not an object", str(message)[:200])

    def _ended(self) -> Iterator[Event]:
        if self.running:
            yield EngineStopped(self.generation, "end of the recording's engine", None)
        self.running = False
        self.generation += 1
        self.asked.clear()

    def _sent(self, said: JsonObject, at: float) -> Iterator[Event]:
        request_id, method = said.get("id"), said.get("method")
        params = members(said.get("params"))
        if isinstance(method, str) and isinstance(request_id, int | str):
            self.asked[type(request_id), request_id] = said
            client_id = params.get("clientUserMessageId")
            if method in PROMPTS and isinstance(client_id, str):
                parts = cast("list[JsonObject]", params.get("input") or [])
                text = " ".join(str(part.get("text", "")) for part in parts)
                yield PromptSent(
                    str(params.get("threadId")), client_id, text, PROMPTS[method], int(at * 1000)
                )
        elif method is None and isinstance(request_id, int | str):
            yield Answered(self.generation, request_id, outcome(said))

    def _received(self, said: JsonObject, at: float) -> Iterator[Event]:
        request_id, method = said.get("id"), said.get("method")
        params: Any = said.get("params")
        if isinstance(method, str) and isinstance(request_id, int | str):
            model = parse_request(method, params)
            yield Asked(self.generation, request_id, method, model, members(params), at)
        elif isinstance(method, str):
            emitted = said.get("emittedAtMs")
            yield notified(method, params, emitted if isinstance(emitted, int) else None)
        elif isinstance(request_id, int | str):
            request = self.asked.pop((type(request_id), request_id), None)
            if request is not None:
                yield from self._answered(request, said)

    def _answered(self, request: JsonObject, said: JsonObject) -> Iterator[Event]:
        method, params = str(request["method"]), members(request.get("params"))
        if "result" not in said:
            client_id = params.get("clientUserMessageId")
            if method in PROMPTS and isinstance(client_id, str):
                yield PromptFailed(str(params.get("threadId")), client_id, str(said.get("error")))
            return
        try:
            if method == "initialize":
                agent = str(members(said["result"]).get("userAgent", ""))
                yield EngineReady(self.generation, agent, "")
            elif method in OPENINGS:
                yield opening(method, said["result"])
            elif method == "account/read":
                account = cast("AccountReadResult", parse_result(method, said["result"]))
                known = account.account.model_dump(by_alias=True) if account.account else None
                yield AccountKnown(known, account.requires_openai_auth)
        except ForeignShapeError as problem:
            yield UnknownNotified(f"result of {method}", {}, str(problem))


def opening(method: str, result: Any) -> ThreadOpened:
    """The event of an answered `thread/start` or `resume`, its turns oldest first."""
    opened = cast("OpenedThread", parse_result(method, result))
    turns = opened.thread.turns
    if isinstance(opened, ThreadResumeResult) and opened.initial_turns_page is not None:
        turns = tuple(reversed(opened.initial_turns_page.data))
    return ThreadOpened(opened, OPENINGS[method], turns)


def outcome(answer: JsonObject) -> str:
    """One word for an answer to a server request."""
    if "result" not in answer:
        return "error"
    result = members(answer["result"])
    word: Any = result.get("decision", result.get("action", "answered"))
    return next(iter(members(word)), "") if isinstance(word, dict) else str(word)


def members(value: Any) -> JsonObject:
    """`value` if it is an object, else an empty one."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}


@dataclass
class Oracle:
    """What the recording itself says the final texts are: raw JSON and a dictionary, nothing else."""

    completed: dict[ItemKey, JsonObject] = field(default_factory=dict[ItemKey, JsonObject])
    diffs: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    placeless: int = 0  # items of engines before 0.64, whose notifications name no thread

    def listen(self, message: Any) -> None:
        said = members(message)
        method, params = said.get("method"), members(said.get("params"))
        place = params.get("threadId"), params.get("turnId")
        match method, place:
            case "item/completed", (str(thread_id), str(turn_id)):
                item = members(params.get("item"))
                self.completed[thread_id, turn_id, item["id"]] = item
            case "turn/diff/updated", (str(thread_id), str(turn_id)):
                self.diffs[thread_id, turn_id] = params["diff"]
            case "item/completed" | "turn/diff/updated", _:
                self.placeless += 1
            case _:
                pass

    def complaints(self, state: State) -> Iterator[str]:
        """Where the state says something else."""
        shown: dict[ItemKey, Item] = {
            (thread.id, turn.id, item.id): item
            for thread in state.threads.values()
            for turn in thread.turns
            for item in turn.items
        }
        for key, raw in self.completed.items():
            item = shown.get(key)
            if item is None:
                yield f"{raw['type']} {key[2]} is missing"
                continue
            if item.phase != "done":
                yield f"{raw['type']} {key[2]} is {item.phase}, not done"
            said, has = expected(raw), texts(item)
            if len(said) != len(has) or any(a is not None and a != b for a, b in zip(said, has, strict=True)):
                yield f"{raw['type']} {key[2]} says {has!r:.80}, its item/completed {said!r:.80}"
        diffs = {(th.id, turn.id): turn.diff for th in state.threads.values() for turn in th.turns}
        for place, diff in self.diffs.items():
            if diffs.get(place) != diff:
                yield f"the diff of turn {place[1]} is {diffs.get(place)!r:.80}, not {diff!r:.80}"


def expected(raw: JsonObject) -> list[Any]:
    """The texts of an item as the engine completed it; None for one it says nothing about."""
    match raw["type"]:
        case "agentMessage" | "plan":
            return [raw["text"]]
        case "reasoning":
            return [*raw["summary"], *raw["content"]]
        case "userMessage":
            return [part.get("text", "") for part in raw["content"]]
        case "commandExecution":
            return [raw["command"], raw["aggregatedOutput"], raw["status"]]
        case "fileChange":
            changes = [(change["path"], change["kind"]["type"], change["diff"]) for change in raw["changes"]]
            return [*changes, raw["status"]]
        case _:
            return []


def texts(item: Item) -> list[Any]:
    """The texts of an item as the state has them."""
    match item.body:
        case AgentMessage(text=text) | PlanItem(text=text):
            return [text]
        case Reasoning(summary=summary, content=content):
            return [*summary, *content]
        case UserMessage(content=content):
            return [part.text for part in content]
        case CommandExecution(command=command, aggregated_output=output, status=status):
            return [command, output, status]
        case FileChange(changes=changes, status=status):
            return [*((change.path, change.kind.type, change.diff) for change in changes), status]
        case _:
            return []


def broken_rules(state: State) -> Iterator[str]:
    """What must hold of every state."""
    for thread in state.threads.values():
        for turn in thread.turns:
            running = tuple(item.id for item in turn.items if item.phase == "running")
            if sorted(running) != sorted(turn.running):
                yield f"turn {turn.id} counts {turn.running} as running, they are {running}"
            if running and turn.status != "inProgress":
                yield f"turn {turn.id} is {turn.status}, yet {running} run"
            ids = [item.id for item in turn.items]
            if len(ids) != len(set(ids)):
                yield f"turn {turn.id} has an item twice"
        ids = [turn.id for turn in thread.turns]
        if len(ids) != len(set(ids)):
            yield f"thread {thread.id} has a turn twice"


@dataclass
class Verdict:
    """What came of one recording."""

    messages: int = 0
    turns: int = 0
    items: int = 0
    unknowns: int = 0
    placeless: int = 0
    complaints: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        said = f"{len(self.complaints)} complaints" if self.complaints else "ok"
        if self.placeless:
            said += f" ({self.placeless} of an older shape, without a thread, not compared)"
        counts = f"{self.messages:6} messages {self.turns:4} turns {self.items:5} items"
        return f"{counts} {self.unknowns:3} unknown  {said}"


def replay(entries: Iterable[Entry]) -> Verdict:
    """One recording through the reducer, event by event and again in batches. Raises what it raises."""
    clients: dict[str, tuple[Translation, Oracle, list[Event]]] = {}
    verdict = Verdict()
    for entry in entries:
        if entry.client not in clients:
            clients[entry.client] = Translation(), Oracle(), []
        translation, oracle, events = clients[entry.client]
        if entry.dir == "in":
            verdict.messages += 1
            oracle.listen(entry.msg)
        events.extend(translation.events(entry))
    for _, oracle, events in clients.values():
        _judge(verdict, oracle, events)
    return verdict


def _judge(verdict: Verdict, oracle: Oracle, events: list[Event]) -> None:
    state = State()
    for event in events:
        before = state
        state, change = take(before, event)
        if (state is before or state == before) != (not change):
            verdict.complaints.append(f"{type(event).__name__} and its change disagree: {set(change)}")
    batched = State()
    for start in range(0, len(events), BATCH):
        batched, _ = reduce_all(batched, events[start : start + BATCH])
    for result, how in ((state, ""), (batched, "in batches: ")):
        verdict.complaints.extend(how + said for said in (*broken_rules(result), *oracle.complaints(result)))
    verdict.placeless += oracle.placeless
    verdict.turns += sum(not turn.is_notes for thread in state.threads.values() for turn in thread.turns)
    verdict.items += sum(len(turn.items) for thread in state.threads.values() for turn in thread.turns)
    verdict.unknowns += sum(
        isinstance(event, UnknownNotified) and ignores(event.method) is None for event in events
    )


def replay_files(paths: Iterable[Path], deadline: float = DEADLINE) -> int:
    """Replay each, a line a file; how many failed. A file over its deadline ends the process."""
    failed = 0
    for path in paths:
        watch = threading.Timer(deadline, _hung, (path, deadline))
        watch.daemon = True
        watch.start()
        try:
            verdict = replay(read_recording(path))
        except Exception as problem:
            traceback.print_exc()
            print(f"{path.stem:42} raised {type(problem).__name__}: {problem}")
            failed += 1
        else:
            print(f"{path.stem:42} {verdict}")
            for complaint in verdict.complaints:
                print(f"    {complaint}")
            failed += bool(verdict.complaints)
        finally:
            watch.cancel()
    return failed


def _hung(path: Path, deadline: float) -> None:
    print(f"{path.stem:42} hangs: not done after {deadline:g} s", flush=True)
    os._exit(3)


def main(arguments: list[str]) -> int:
    """0 when all is well, 1 when a recording failed, 2 for wrong arguments, 3 for a hang."""
    if len(arguments) != 1:
        print("usage: python -m tests.replay DIR", file=sys.stderr)
        return 2
    place = Path(arguments[0])
    paths = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not paths or not paths[0].is_file():
        print(f"no recordings (*.jsonl) in {place}", file=sys.stderr)
        return 2
    try:
        failed = replay_files(paths)
    except ClientError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{len(paths)} recordings, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
