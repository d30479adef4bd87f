"""The scripted model as an HTTP server, without an engine."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from codex_tui.demo.model_server import ModelServer, Script
from codex_tui.demo.sse import JsonObject, Turn

ROOT = Path(__file__).parent.parent.parent

TITLE_REQUEST: JsonObject = {
    "input": [{"type": "message", "role": "user", "content": "Generate a concise, single-line task title"}],
    "text": {
        "format": {
            "type": "json_schema",
            "schema": {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
        }
    },
}


def request(server: ModelServer, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def respond(server: ModelServer, body: JsonObject | None = None) -> list[JsonObject]:
    """The events of one answer."""
    status, data = request(server, "POST", "/v1/responses", json.dumps(body or {"input": []}).encode())
    assert status == 200
    lines = data.decode().split("\n")
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


def kinds(events: list[JsonObject]) -> list[str]:
    return [event["type"] for event in events]


def text(events: list[JsonObject]) -> str:
    return "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")


def test_turns_come_one_after_another_and_then_the_last_word():
    with ModelServer(Script([[{"msg": "one"}], [{"msg": "two"}]], after=[{"msg": "over"}])) as server:
        assert [text(respond(server)) for _ in range(4)] == ["one", "two", "over", "over"]


def test_a_matched_turn_is_taken_once_and_by_its_words_only():
    script = Script(
        [{"match_last": "CHILD", "items": [{"msg": "for the child"}]}, [{"msg": "for the parent"}]]
    )
    with ModelServer(script) as server:
        assert text(respond(server, {"input": ["something CHILD"]})) == "for the child"
        assert text(respond(server, {"input": ["CHILD", "something else"]})) == "for the parent"
        assert script.left == 0


def test_the_request_for_a_title_takes_no_turn_of_the_script():
    with ModelServer(Script([[{"msg": "the answer"}]])) as server:
        assert set(json.loads(text(respond(server, TITLE_REQUEST)))) == {"title"}
        assert text(respond(server)) == "the answer"
        assert len(server.requests) == 1


def test_a_structured_answer_that_is_no_title_takes_its_turn():
    schema: JsonObject = {"properties": {"verdict": {"type": "string"}}}
    asked: JsonObject = {"text": {"format": {"type": "json_schema", "schema": schema}}, "input": []}
    with ModelServer(Script([[{"msg": "{}"}]])) as server:
        assert text(respond(server, asked)) == "{}"


@pytest.mark.parametrize("chunk", [1, 3, 40, 10_000])
def test_deltas_of_any_size_make_up_the_same_text(chunk: int):
    said = 'quote " backslash \\ newline \n tab \t é 漢字 👩‍👩‍👧 \x1b[31m \ud83d lone' * 3
    with ModelServer(Script([[{"msg": said, "chunk": chunk}]])) as server:
        events = respond(server)
        assert text(events) == said
        deltas = [event for event in events if event["type"] == "response.output_text.delta"]
        assert len(deltas) == -(-len(said) // chunk)
        assert events[-2]["item"]["content"][0]["text"] == said


def test_an_answer_begins_with_created_and_ends_with_completed_and_counts():
    with ModelServer(Script([[{"usage": {"input": 7, "output": 5}}, {"msg": "x"}]])) as server:
        events = respond(server)
        assert (events[0]["type"], events[-1]["type"]) == ("response.created", "response.completed")
        assert events[-1]["response"]["usage"]["total_tokens"] == 12


def test_an_error_and_an_incomplete_answer_end_without_completed():
    script = [[{"error": {"code": "x", "message": "y"}}], [{"msg": "a"}, {"incomplete": "max_output_tokens"}]]
    with ModelServer(Script(script)) as server:
        assert kinds(respond(server)) == ["response.created", "response.failed"]
        assert kinds(respond(server))[-1] == "response.incomplete"


def test_a_status_is_answered_without_a_stream():
    with ModelServer(
        Script([[{"http": 429, "body": {"error": 1}, "headers": {"retry-after": 3}}]])
    ) as server:
        assert request(server, "POST", "/v1/responses", b"{}") == (429, b'{"error": 1}')


def test_a_drop_breaks_the_stream_before_its_end_mark():
    with ModelServer(Script([[{"msg": "half", "nodone": True}, {"drop": True}]])) as server:
        with pytest.raises(http.client.IncompleteRead) as broken:
            respond(server)
        assert b"half" in broken.value.partial


def test_pauses_part_the_deltas_in_time():
    with ModelServer(Script([[{"msg": "abcd", "chunk": 1, "pause": 0.05}, {"delay": 0.1}]])) as server:
        start = time.monotonic()
        respond(server)
        assert time.monotonic() - start >= 0.3


def test_closing_ends_a_stream_that_is_in_a_pause():
    server = ModelServer(Script([[{"delay": 30}]]))
    server.start()

    def wait_for_answer() -> None:
        with pytest.raises(http.client.IncompleteRead):
            respond(server)

    client = threading.Thread(target=wait_for_answer)
    client.start()
    while not server.requests:
        time.sleep(0.01)
    start = time.monotonic()
    server.close()
    client.join(10)
    assert not client.is_alive()
    assert time.monotonic() - start < 5


def test_a_client_that_leaves_in_mid_stream_harms_nobody():
    with ModelServer(Script([[{"msg": "word " * 4000, "pause": 0.001}], [{"msg": "next"}]])) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as leaver:
            leaver.sendall(b"POST /v1/responses HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
            assert leaver.recv(100)
        assert text(respond(server)) == "next"
        assert list(server.errors) == []


def test_a_mistake_in_a_script_is_kept_for_the_test_to_raise():
    with ModelServer(Script([[{"mesage": "typo"}]])) as server:
        with pytest.raises(http.client.IncompleteRead):
            respond(server)
        assert isinstance(server.errors[0], ValueError)


def test_models_are_listed_and_unknown_pages_are_not_found():
    with ModelServer(Script([])) as server:
        assert request(server, "GET", "/v1/models?client_version=1")[0] == 200
        assert request(server, "GET", "/other")[0] == 404
        assert request(server, "POST", "/v1/other", b"{}")[0] == 404


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b"\xff"])
def test_a_request_that_is_no_object_is_refused_and_takes_no_turn(body: bytes):
    with ModelServer(Script([[{"msg": "kept"}]])) as server:
        assert request(server, "POST", "/v1/responses", body)[0] == 400
        assert text(respond(server)) == "kept"


def test_requests_for_other_hosts_are_refused_and_remembered():
    with ModelServer(Script([])) as server:
        assert request(server, "GET", "http://example.com/x")[0] == 403
        with socket.create_connection(("127.0.0.1", server.port)) as proxy:
            proxy.sendall(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
            assert proxy.recv(100).startswith(b"HTTP/1.1 403")
        assert list(server.strays) == ["GET http://example.com/x", "CONNECT example.com:443"]


def test_it_listens_on_loopback_only():
    with ModelServer(Script([])) as server:
        assert server.base_url == f"http://127.0.0.1:{server.port}/v1"
        with pytest.raises(OSError), socket.create_connection(("127.0.0.2", server.port), timeout=1):
            pass


def test_parallel_requests_each_get_a_turn_of_their_own():
    turns: list[Turn] = [[{"msg": str(n)}] for n in range(20)]
    answers: list[str] = []
    with ModelServer(Script(turns)) as server:
        clients = [threading.Thread(target=lambda: answers.append(text(respond(server)))) for _ in turns]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    assert sorted(answers, key=int) == [str(n) for n in range(20)]


def test_as_a_process_it_tells_its_port_and_ends_with_its_input(tmp_path: Path):
    (tmp_path / "turns.json").write_text('[[{"msg": "from a file"}]]', encoding="utf-8")
    run = [sys.executable, "-m", "codex_tui.demo.model_server", "--script", str(tmp_path / "turns.json")]
    pipe = subprocess.PIPE
    with subprocess.Popen(run, stdin=pipe, stdout=pipe, cwd=ROOT) as process:
        assert process.stdin is not None and process.stdout is not None
        port = int(process.stdout.readline())
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/v1/responses", b"{}")
        assert b"from a file" in connection.getresponse().read()
        connection.close()
        process.stdin.close()
        assert process.wait(10) == 0
