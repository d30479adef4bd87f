"""A recording holds what passed, without secrets, and gives the same events again."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from codex_tui.engine.codec import encode
from codex_tui.engine.recorder import REDACTED, Recorder, read_recording, redact
from codex_tui.engine.replay import replay_batches, replay_events
from codex_tui.errors import ClientError
from codex_tui.protocol.events import (
    AccountKnown,
    Answered,
    Asked,
    EngineReady,
    EngineStarting,
    EngineStopped,
    Event,
    LineSkipped,
    Notified,
    PromptSent,
    Remarked,
    ThreadOpened,
)
from tests.engine.fakes import running, script

CANARY = "canary-5f1c"


def recorded(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def test_traffic_is_written_line_by_line_with_its_time(tmp_path: Path) -> None:
    times = iter([100.0, 100.5, 101.0, 102.25, 103.0])
    recorder = Recorder(tmp_path / "r.jsonl", clock=lambda: next(times))
    recorder.outgoing(b'{"id":1,"method":"initialize","params":{}}\n')
    recorder.incoming('{"method":"x","params":{"a":"é\u2028"}}'.encode())
    recorder.noise("not JSON", b"panicked \xff")
    recorder.ended(0)
    recorder.ended(1)
    recorder.close()
    assert recorded(tmp_path / "r.jsonl") == [
        {"t": 0.5, "dir": "out", "msg": {"id": 1, "method": "initialize", "params": {}}},
        {"t": 1.0, "dir": "in", "msg": {"method": "x", "params": {"a": "é\u2028"}}},
        {"t": 2.25, "dir": "raw", "msg": "panicked \ufffd"},
        {"t": 3.0, "dir": "eof", "msg": {"rc": 0}},
    ]
    assert [entry.dir for entry in read_recording(tmp_path / "r.jsonl")] == ["out", "in", "raw", "eof"]


def test_the_file_is_for_its_owner_only_even_if_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("old")
    path.chmod(0o644)
    Recorder(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
@pytest.mark.parametrize("is_read", [False, True])
def test_a_pipe_is_refused_at_once_whether_anybody_reads_it_or_not(tmp_path: Path, is_read: bool) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK) if is_read else None
    with pytest.raises(ClientError, match=r"cannot record to .*: it is not a regular file"):
        Recorder(path)
    if reader is not None:
        os.close(reader)


def test_a_reviewers_word_on_authorization_is_no_secret() -> None:
    said = {"review": {"userAuthorization": "low"}, "headers": {"authorization": "x"}, "Authorization": "y"}
    assert redact(said) == {
        "review": {"userAuthorization": "low"},
        "headers": {"authorization": REDACTED},
        "Authorization": REDACTED,
    }


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("keep")
    (tmp_path / "r.jsonl").symlink_to(tmp_path / "target")
    with pytest.raises(ClientError, match="cannot record to"):
        Recorder(tmp_path / "r.jsonl")
    assert (tmp_path / "target").read_text() == "keep"


def test_a_terminal_and_other_devices_are_refused() -> None:
    master, slave = os.openpty()
    try:
        for path in (os.ttyname(slave), os.devnull):
            with pytest.raises(ClientError, match=r"cannot record to .*: it is not a regular file"):
                Recorder(path)
    finally:
        os.close(slave)
        os.close(master)


def test_a_full_disk_ends_the_recording_with_one_notice_and_nothing_else(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    recorder = Recorder(tmp_path / "r.jsonl")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # For this process every file is full at ten bytes: the system says so as it does for a disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        for _ in range(3):
            recorder.outgoing(b"{}\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert recorder.take_problem() == "recording stopped: File too large"
    assert recorder.take_problem() is None
    recorder.close()


@pytest.mark.parametrize(
    "message",
    [
        {"id": 1, "method": "account/login/start", "params": {"type": "apiKey", "apiKey": CANARY}},
        {
            "id": 1,
            "method": "account/login/start",
            "params": {"accessToken": CANARY, "x": [{"refreshToken": CANARY}]},
        },
        {"id": 2, "result": {"config": {"mcp_servers": {"a": {"env": {"X": CANARY}, "command": "srv"}}}}},
        {"id": 2, "result": {"config": {"model_providers": {"a": {"http_headers": {"X-Key": CANARY}}}}}},
        {"id": 2, "result": {"config": {"shell_environment_policy": {"set": {"A": CANARY}}}}},
        {"id": 2, "result": {"config": {"experimental_bearer_token": CANARY, "OPENAI_API_KEY": CANARY}}},
        {"id": 3, "result": {"action": "accept", "content": {"password": CANARY, "client_secret": CANARY}}},
        {"method": "x", "params": {"Authorization": CANARY, "Cookie": CANARY}},
    ],
    ids=str,
)
def test_secrets_do_not_reach_the_file(tmp_path: Path, message: dict[str, Any]) -> None:
    for direction in ("incoming", "outgoing"):
        recorder = Recorder(tmp_path / direction)
        getattr(recorder, direction)(encode(message))
        recorder.close()
        text = (tmp_path / direction).read_text()
        assert CANARY not in text
        assert REDACTED in text


def test_the_answer_to_a_secret_question_is_not_recorded(tmp_path: Path) -> None:
    questions = [{"id": "pin", "isSecret": True}, {"id": "name", "isSecret": False}]
    asked = {"id": 0, "method": "item/tool/requestUserInput", "params": {"questions": questions}}
    answers = {"pin": {"answers": [CANARY]}, "name": {"answers": ["Ann"]}}
    recorder = Recorder(tmp_path / "r.jsonl")
    recorder.incoming(encode(asked).strip())
    recorder.outgoing(encode({"id": 0, "result": {"answers": answers}}))
    recorder.close()
    text = (tmp_path / "r.jsonl").read_text()
    assert CANARY not in text
    assert "Ann" in text


def test_what_a_form_calls_a_secret_is_not_recorded(tmp_path: Path) -> None:
    fields = {"a": {"type": "string", "title": "Passphrase"}, "b": {"type": "string", "title": "Name"}}
    params = {"mode": "form", "requestedSchema": {"type": "object", "properties": fields}}
    recorder = Recorder(tmp_path / "r.jsonl")
    recorder.incoming(encode({"id": "x", "method": "mcpServer/elicitation/request", "params": params}))
    # An answer to another question of that number is another one.
    recorder.outgoing(encode({"id": 1, "result": {"action": "accept", "content": {"a": "plain"}}}))
    answer = {"action": "accept", "content": {"a": CANARY, "b": "Ann"}}
    recorder.outgoing(encode({"id": "x", "result": answer}))
    recorder.close()
    text = (tmp_path / "r.jsonl").read_text()
    assert CANARY not in text
    assert "plain" in text
    assert "Ann" in text


def test_what_is_no_secret_stays() -> None:
    message = {
        "totalTokens": 7,
        "token": None,
        "tokenUsage": {"inputTokens": 3},
        "key": "Enter",
        "apiKey": "",
    }
    assert redact(message) == message


def test_foreign_and_broken_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(
        b'{"t":1,"dir":"in","msg":{}}\nnoise\n\xff\n[]\n{"dir":"note","msg":"x","len":9}\n{"t":2,"di'
    )
    assert [(entry.t, entry.dir) for entry in read_recording(path)] == [(1.0, "in"), (0.0, "note")]
    with pytest.raises(ClientError, match="cannot read"):
        list(read_recording(tmp_path / "absent"))


def write(path: Path, *entries: tuple[float, str, Any]) -> Path:
    path.write_text("".join(json.dumps({"t": t, "dir": d, "msg": m}) + "\n" for t, d, m in entries))
    return path


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A recording with one of each."""
    thread = {"thread": {"id": "t", "cwd": "/"}, "model": "m", "cwd": "/"}
    prompt = {"threadId": "t", "clientUserMessageId": "c", "input": [{"type": "text", "text": "hi"}]}
    return write(
        tmp_path / "session.jsonl",
        (0.0, "out", {"id": 1, "method": "initialize", "params": {}}),
        (0.1, "in", {"id": 1, "result": {"userAgent": "codex_tui/9.9.9 (x)", "codexHome": "/h"}}),
        (0.2, "out", {"method": "initialized"}),
        (0.2, "out", {"id": 2, "method": "thread/start", "params": {}}),
        (0.3, "in", {"id": 2, "result": thread}),
        (0.3, "out", {"id": 3, "method": "account/read", "params": {}}),
        (0.3, "in", {"id": 3, "result": {"account": None, "requiresOpenaiAuth": True}}),
        (0.4, "out", {"id": 4, "method": "turn/start", "params": prompt}),
        (0.4, "in", {"id": 4, "result": {"turn": {"id": "u"}}}),
        (0.5, "sh", {"cmd": "true"}),
        (0.5, "raw", "noise"),
        (2.5, "in", {"id": 0, "method": "item/fileChange/requestApproval", "params": {"threadId": "t"}}),
        (2.6, "out", {"id": 0, "result": {"decision": "decline"}}),
        (9.0, "in", {"method": "thread/closed", "params": {"threadId": "t"}}),
        (9.5, "eof", {"rc": 0}),
    )


KINDS: list[type[Any]] = [
    EngineStarting,
    EngineReady,
    ThreadOpened,
    AccountKnown,
    PromptSent,
    LineSkipped,
    Asked,
    Answered,
    Notified,
    EngineStopped,
]


def test_a_replay_yields_what_the_client_would_have(session: Path) -> None:
    events = [event for _, batch in replay_batches(session) for event in batch]
    assert [type(event) for event in events] == KINDS
    assert events[1] == EngineReady(1, "9.9.9", "/h")
    assert events[7] == Answered(1, 0, "decline")


async def test_a_paced_replay_waits_as_long_as_it_took_but_not_for_ever(session: Path) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(round(seconds, 3))

    batches = [batch async for batch in replay_events(session, speed=2.0, sleep=sleep)]
    assert sum(len(batch) for batch in batches) == len(KINDS)
    assert pauses == [0.0, 0.05, 0.1, 0.05, 0.05, 1.0, 0.05, 3.0, 0.25]


async def test_a_live_session_and_its_recording_give_the_same_events(tmp_path: Path) -> None:
    body = """
initialize()
request = ask()
say({"id": request["id"], "result": {"thread": {"id": "t", "cwd": "/"}}})
say({"id": 0, "method": "item/fileChange/requestApproval", "params": {"threadId": "t"}})
ask()
out.write(b"noise\\n")
say({"method": "thread/closed", "params": {"threadId": "t"}})
ask()
"""
    recorder = Recorder(tmp_path / "r.jsonl")
    async with running(script(tmp_path, body), recorder=recorder) as (client, heard):
        await client.initialize()
        await client.thread_start(cwd="/")
        await heard.one(Asked)
        await client.answer(0, {"decision": "decline"})
        await heard.one(Notified)
        await client.stop()
        await heard.one(EngineStopped)

    def plain(events: list[Event]) -> list[tuple[type, object]]:
        members = ("method", "request_id", "result", "params", "codex_home")
        return [
            (type(event), [getattr(event, name, None) for name in members])
            for event in events
            if not isinstance(event, Answered)  # the host's event, which a replay derives
        ]

    replayed = [event for _, batch in replay_batches(tmp_path / "r.jsonl") for event in batch]
    assert plain(replayed) == plain(heard.events)


async def test_one_recording_holds_several_engines(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "r.jsonl")
    for generation in (1, 2):
        binary = script(tmp_path, "initialize()\nask()")
        async with running(binary, recorder=recorder, generation=generation) as (client, _):
            await client.initialize()
    recorder.close()
    events = [event for _, batch in replay_batches(tmp_path / "r.jsonl") for event in batch]
    kinds = [EngineStarting, EngineReady, EngineStopped]
    assert [type(event) for event in events] == kinds * 2
    assert isinstance(events[3], EngineStarting)
    assert events[3].generation == 2


async def test_a_recording_that_fails_is_remarked_once_and_the_session_goes_on(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "r.jsonl")
    os.close(recorder._fd)  # pyright: ignore[reportPrivateUsage] - as good as a full disk
    body = """
initialize()
for _ in range(3):
    say({"method": "thread/closed", "params": {"threadId": "t"}})
ask()
"""
    async with running(script(tmp_path, body), recorder=recorder) as (client, heard):
        await client.initialize()
        await heard.one(Notified)
        await client.stop()
        await heard.one(EngineStopped)
        assert [event.severity for event in heard.of(Remarked)] == ["warning"]
        assert len(heard.of(Notified)) == 3


@pytest.mark.parametrize(
    "line",
    [
        '{"t":%s,"dir":"in","msg":{}}' % ("9" * 400),
        '{"t":1e308,"dir":"out","msg":{"id":1,"method":"turn/start","params":{"clientUserMessageId":"x"}}}',
        '{"t":0,"dir":"out","msg":{"id":1,"method":"turn/start","params":{"clientUserMessageId":"x","input":5}}}',
    ],
)
def test_a_recording_that_nobody_made_is_played_without_a_fault(tmp_path: Path, line: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(f"{line}\n{line}\n")
    assert len(list(replay_batches(path))) == 1
