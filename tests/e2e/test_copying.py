"""Copying and following what a conversation names, in a real terminal and without an engine."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import START_SECONDS, TURN_SECONDS, Client
from tests.e2e.conftest import clean_environment

pytestmark = pytest.mark.e2e

CODE = (
    'def greet(name: str) -> None:\n\tprint(f"grüß dich, {name} 🙂")\n\n    # ' + "a long line " * 20 + "end"
)
ANSWER = (
    f"Here it is, see `notes/read me.md` and notes/plan.md:7 too.\n\n```python\n{CODE}\n```\n\nThat was it."
)
_COPY = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def write_recording(path: Path, cwd: Path) -> None:
    """A thread with one prompt and one answer, as the engine tells it."""
    thread: dict[str, Any] = {
        "id": "t",
        "cwd": str(cwd),
        "turns": [],
        "status": {"type": "idle"},
        "modelProvider": "x",
    }
    opened: dict[str, Any] = {
        "thread": thread,
        "model": "gpt-5.5",
        "modelProvider": "x",
        "cwd": str(cwd),
        "approvalPolicy": "on-request",
        "sandbox": {"type": "readOnly"},
    }
    turn: dict[str, Any] = {"id": "t1", "items": [], "status": "inProgress"}
    asked = {"id": "u1", "type": "userMessage", "content": [{"type": "text", "text": "show it"}]}
    said = {"id": "a1", "type": "agentMessage", "text": ANSWER}

    def item(body: dict[str, Any]) -> dict[str, Any]:
        return {"method": "item/completed", "params": {"threadId": "t", "turnId": "t1", "item": body}}

    messages: list[tuple[str, dict[str, Any]]] = [
        ("out", {"id": 1, "method": "initialize", "params": {}}),
        ("in", {"id": 1, "result": {"userAgent": "x/0.163.0 (Linux)", "codexHome": str(cwd)}}),
        ("out", {"id": 2, "method": "thread/start", "params": {"cwd": str(cwd)}}),
        ("in", {"id": 2, "result": opened}),
        ("in", {"method": "turn/started", "params": {"threadId": "t", "turn": turn}}),
        ("in", item(asked)),
        ("in", item(said)),
        (
            "in",
            {
                "method": "turn/completed",
                "params": {"threadId": "t", "turn": {**turn, "status": "completed"}},
            },
        ),
    ]
    lines = [{"t": at / 100, "dir": way, "msg": msg} for at, (way, msg) in enumerate(messages)]
    path.write_text("".join(f"{json.dumps(one)}\n" for one in lines))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("copying")
    (made / "notes").mkdir()
    (made / "notes" / "plan.md").write_text("line\n" * 9)
    editor = made / "vim"  # the name says how a line is told
    editor.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done > "$0.told"\n')
    editor.chmod(0o700)
    return made


@pytest.fixture(scope="module")
def client(folder: Path) -> Generator[Client]:
    """A recorded answer on screen, and the conversation has the keyboard."""
    write_recording(folder / "session.jsonl", folder)
    env = clean_environment(folder) | {"EDITOR": str(folder / "vim")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "VISUAL", "WSL_DISTRO_NAME", "WSL_INTEROP"):
        env.pop(name, None)
    arguments = ["replay", str(folder / "session.jsonl"), "--speed", "0"]
    with Client(arguments, env=env, cwd=folder, columns=80, rows=24) as client:
        client.wait_for("That was it.", START_SECONDS)
        client.press("f2")
        client.wait_for("reading:", TURN_SECONDS)
        yield client


def copied(client: Client, before: int) -> str:
    """The text of the newest sequence for the clipboard, of which there were `before`."""
    client.wait_for(lambda _: len(_COPY.findall(client.raw)) > before, TURN_SECONDS)
    return base64.b64decode(_COPY.findall(client.raw)[-1], validate=True).decode()


def copies(client: Client) -> int:
    return len(_COPY.findall(client.raw))


def test_a_block_of_code_is_copied_byte_for_byte(client: Client) -> None:
    before = copies(client)
    client.press("up")
    client.press("y")
    client.wait_for("c code", TURN_SECONDS)
    client.press("c")
    assert copied(client, before) == CODE
    client.wait_for("copied the code block (python), 4 lines", TURN_SECONDS)


def test_the_markdown_of_an_answer_is_copied_byte_for_byte(client: Client) -> None:
    before = copies(client)
    client.press("Y")
    assert copied(client, before) == ANSWER


def test_what_the_mouse_selected_is_copied_without_margin_and_line_breaks(client: Client) -> None:
    before = copies(client)
    rows = client.lines
    first = next(at for at, row in enumerate(rows) if "def greet" in row)
    last = next(at for at, row in enumerate(rows) if row.rstrip().endswith("end"))
    start, end = rows[first].index("def"), rows[last].index("end")

    def mouse(button: int, column: int, row: int, sign: str) -> None:
        client._write(b"\x1b[<%d;%d;%d%s" % (button, column + 1, row + 1, sign.encode()))  # pyright: ignore[reportPrivateUsage]

    mouse(0, start, first, "M")
    mouse(32, end + 3, last, "M")
    mouse(0, end + 3, last, "m")
    client.wait_for("Ctrl+C copies", TURN_SECONDS)
    client.press("ctrl+c")
    assert copied(client, before).split("\n")[::3] == CODE.split("\n")[::3]


def test_a_file_that_is_named_opens_in_the_editor_at_its_line(client: Client, folder: Path) -> None:
    client.press("l")
    client.wait_for(lambda text: all(part in text for part in ("Links and files", "plan.md:7", "vim")))
    client.press("enter")
    told = folder / "vim.told"
    client.wait_for(lambda _: told.exists() and told.read_text().endswith("plan.md\n"), TURN_SECONDS)
    assert told.read_text().splitlines() == ["+7", str(folder / "notes" / "plan.md")]
    client.wait_for("That was it.", TURN_SECONDS)
