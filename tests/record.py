"""Make recordings: run scenarios on the real engine with the scripted model.

    python -m tests.record tests/scenarios/*.json --out tests/recordings

A scenario is a JSON object:

`script`    the model's turns (see `codex_tui/demo/sse.py`)
`steps`     what the client does, one after another:
            `{"turn": text or members of turn/start, "nowait": bool}`, `{"call": method, "params"}`,
            `{"wait": method, "has": text, "timeout": s}`, `{"interrupt": true}`, `{"sleep": s}`,
            `{"sh": command}` in the project, `{"kill": true}` the engine, `{"start": true}` another one
`answers`   server request's method → result, or a list of results for one after another
            (the last one stays); `null` leaves the question open
`thread`    members of thread/start; `model`, `retries`, `config_top`, `features`, `tables`: the
            engine's config; `files`: path → text, into the project

`$THREAD`, `$TURN`, `$PYTHON` and `$SCENARIOS` (this folder) are filled in.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, cast

import anyio
from anyio.abc import TaskGroup

from codex_tui.engine.client import EngineClient, engine_client
from codex_tui.engine.failures import EngineGoneError, RefusedError
from codex_tui.engine.locate import EngineBinary
from codex_tui.engine.process import spawn
from codex_tui.engine.recorder import Recorder, read_recording
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.events import Asked
from tests.engine.scripted import ScriptedModel
from tests.normalise import Normaliser

DEADLINE = 30.0
"""Seconds a step may wait; none needs more than a few."""

SETTLE = 0.2
"""Seconds after the last step, for what the engine still has to say."""

SCENARIOS = Path(__file__).parent / "scenarios"
CONFIG = ("model", "retries", "config_top", "features", "tables", "files")


class Ear(Recorder):
    """A recorder that can be waited at: `heard` holds all messages of the engine."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.heard: list[JsonObject] = []
        self.more = anyio.Event()

    def incoming(self, line: bytes) -> None:
        super().incoming(line)
        self.heard.append(json.loads(line))
        self.more.set()
        self.more = anyio.Event()


class Play:
    """One scenario in performance."""

    def __init__(self, scenario: JsonObject, scripted: ScriptedModel, folder: Path, group: TaskGroup) -> None:
        self._scenario = scenario
        self._scripted = scripted
        self._folder = folder
        self._group = group
        self._answers: dict[str, list[Any]] = {
            method: cast("list[Any]", body) if isinstance(body, list) else [body]
            for method, body in scenario.get("answers", {}).items()
        }
        self._known = {"$PYTHON": sys.executable, "$SCENARIOS": str(SCENARIOS)}
        self._read = 0  # how much of what was heard is behind the last wait
        self._client: EngineClient
        self._ear: Ear
        self._stack = AsyncExitStack()
        self._engines = 0

    async def perform(self) -> None:
        try:
            await self.start()
            opened = await self.request("thread/start", self._scripted.thread)
            self._known["$THREAD"] = opened["thread"]["id"]
            for step in self._scenario["steps"]:
                if step.get("start"):  # what it opens outlives a deadline's scope
                    await self.start()
                    continue
                with anyio.fail_after(float(step.get("timeout", DEADLINE))):
                    await self.step(step)
            await anyio.sleep(SETTLE)
            await self._client.stop()
            await self._answered.wait()
        finally:
            await self._stack.aclose()

    async def start(self) -> None:
        """Start an engine, with a recording of its own."""
        self._ear = Ear(self._folder / f"{self._engines}.jsonl")
        self._engines += 1
        self._read = 0
        binary = EngineBinary(str(self._scripted.engine), "bundled")
        process = spawn(binary, env=self._scripted.env, cwd=self._scripted.project)
        self._client = await self._stack.enter_async_context(engine_client(process, recorder=self._ear))
        self._answered = anyio.Event()
        self._group.start_soon(self._answer, self._client, self._answered)
        await self._client.initialize()

    async def step(self, step: JsonObject) -> None:
        match step:
            case {"turn": said}:
                members = {"input": [{"type": "text", "text": said}]} if isinstance(said, str) else said
                begun = await self.request("turn/start", {"threadId": "$THREAD", **members})
                self._known["$TURN"] = begun["turn"]["id"]
                if not step.get("nowait"):
                    await self.wait("turn/completed")
            case {"call": method}:
                # A refusal is part of the recording.
                with suppress(RefusedError):
                    await self.request(method, step.get("params", {}))
            case {"wait": method}:
                await self.wait(method, step.get("has", ""))
            case {"interrupt": True}:
                await self.step(
                    {"call": "turn/interrupt", "params": {"threadId": "$THREAD", "turnId": "$TURN"}}
                )
            case {"sleep": seconds}:
                await anyio.sleep(seconds)
            case {"sh": command}:
                await anyio.run_process(["sh", "-c", command], cwd=self._scripted.project)
            case {"kill": True}:
                process = self._client.process
                assert process is not None
                process.popen.send_signal(signal.SIGKILL)
                await self._answered.wait()
            case _:
                raise ValueError(f"not a step: {step}")

    async def request(self, method: str, params: JsonObject) -> Any:
        return await self._client.peer.request(method, self._filled(params))

    async def wait(self, method: str, has: str = "") -> None:
        """For a message behind the last one waited for."""
        while True:
            more = self._ear.more
            while self._read < len(self._ear.heard):
                message = self._ear.heard[self._read]
                self._read += 1
                if message.get("method") == method and has in json.dumps(message, ensure_ascii=False):
                    return
            await more.wait()

    def _filled(self, value: Any) -> Any:
        text = json.dumps(value)
        for name, known in self._known.items():
            text = text.replace(name, known)
        return json.loads(text)

    async def _answer(self, client: EngineClient, done: anyio.Event) -> None:
        with suppress(anyio.ClosedResourceError):  # when a step failed
            async for batch in client.events():
                for event in batch:
                    if isinstance(event, Asked) and (row := self._answers.get(event.method)):
                        body = row.pop(0) if len(row) > 1 else row[0]
                        if body is not None:
                            with suppress(EngineGoneError):
                                await client.peer.answer(event.request_id, body)
        done.set()


async def perform(scenario: JsonObject, scripted: ScriptedModel, folder: Path) -> None:
    """Perform `scenario`, recorded to `folder`, a file an engine, numbered from 0."""
    async with anyio.create_task_group() as group:
        await Play(scenario, scripted, folder, group).perform()
        group.cancel_scope.cancel()


def record(path: Path, out: Path) -> Path:
    """Perform the scenario at `path` and write its recording, of the same name, into `out`."""
    scenario: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    config = {name: scenario[name] for name in CONFIG if name in scenario}
    if "tables" in config:
        config["tables"] = config["tables"].replace("$PYTHON", sys.executable)
        config["tables"] = config["tables"].replace("$SCENARIOS", str(SCENARIOS))
    with (
        ScriptedModel(scenario["script"], **config) as scripted,
        tempfile.TemporaryDirectory() as folder,
    ):
        scripted.policy |= scenario.get("thread", {})
        anyio.run(perform, scenario, scripted, Path(folder))
        place = scripted.place
        normaliser = Normaliser(
            {
                str(place.root): "/home/dev",
                str(place.home): "/home/dev/.codex",
                str(place.project): "/home/dev/calc",
                str(SCENARIOS): "/home/dev/servers",
                str(Path(sys.executable).parent): "/usr/bin",
                sysconfig.get_path("stdlib"): "/usr/lib/python3",
            }
        )
        files = sorted(Path(folder).iterdir())
        lines = [line for file in files for line in normaliser.lines(read_recording(file))]
    target = out / f"{path.stem}.jsonl"
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return target


def main(arguments: list[str] | None = None, say: Callable[[str], None] = print) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.record", description="Record scenarios.")
    parser.add_argument("scenarios", nargs="+", type=Path, metavar="SCENARIO.json")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the recordings")
    given = parser.parse_args(arguments)
    failed = 0
    for path in given.scenarios:
        try:
            target = record(path, given.out)
        except Exception as error:
            failed += 1
            say(f"{path.stem:24} failed: {error!r}")
        else:
            lines = target.read_text(encoding="utf-8").count("\n")
            say(f"{path.stem:24} {lines:5} lines {target.stat().st_size:8} bytes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
