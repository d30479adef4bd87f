"""Requests of the engine beyond commands, patches and hosts: made by the real engine where it can be
made to, and by the wire's other end where it cannot."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from codex_tui.dialogs.bodies import first_step
from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.legacy import legacy_command_sheet
from codex_tui.dialogs.permissions import Ticks
from codex_tui.dialogs.questions import Asking
from codex_tui.dialogs.setting import Setting
from codex_tui.dialogs.step import Step
from codex_tui.engine.automatic import RAW_SHOWN, SAID, Attendant
from codex_tui.engine.client_tools import ClientTool, ToolFailedError, registry
from codex_tui.engine.codec import ServerRequest
from codex_tui.protocol.approvals import LegacyCommandApproval
from codex_tui.protocol.events import Asked, Remarked
from codex_tui.session.inbox import Question
from tests.engine.fakes import running
from tests.engine.scripted import ScriptedModel
from tests.engine.test_real_engine import Session, binary

SAY = {"msg": "All done."}
WRITE = {"call": "exec_command", "args": {"cmd": "touch $OUT/made.txt && echo written"}}
QUESTIONS = {
    "call": "request_user_input",
    "args": {
        "questions": [
            {
                "id": "sign",
                "header": "Sign",
                "question": "Which division?",
                "options": [
                    {"label": "True (Recommended)", "description": "7 / 2 is 3.5"},
                    {"label": "Floor", "description": "7 / 2 is 3"},
                ],
            },
            {
                "id": "zero",
                "header": "Zero",
                "question": "And for zero?",
                "options": [
                    {"label": "Error", "description": "raise"},
                    {"label": "None", "description": "return None"},
                ],
            },
        ]
    },
}


@asynccontextmanager
async def session(script: Any, dynamic: Any = None, **config: Any) -> AsyncGenerator[Session]:
    with ScriptedModel(script, approval="on-request", **config) as scripted:
        async with running(binary(), env=scripted.env) as (client, heard):
            await client.initialize()
            policy = scripted.thread
            opened = await client.thread_start(
                cwd=policy["cwd"],
                approval_policy=policy["approvalPolicy"],
                sandbox=policy["sandbox"],
                dynamic_tools=dynamic,
            )
            yield Session(client, heard, scripted, opened.thread.id)


def step_of(asked: Asked) -> Step:
    """The dialog's first page for that request."""
    question = Question(
        asked.generation,
        asked.request_id,
        asked.method,
        asked.params,
        asked.raw,
        asked.raw.get("threadId"),
        asked.raw.get("turnId"),
        asked.raw.get("itemId"),
        asked.received,
    )
    return first_step(question, None, Setting())


def press(step: Step, *keys: str) -> Step:
    for key in keys:
        after = step.press(key, key if len(key) == 1 else None)
        assert after is not None, key
        step = after
    return step


def choice(step: Step, key: str) -> Choice:
    return next(choice for choice in step.sheet.choices if choice.key == key)


def told(s: Session) -> str:
    """What the model was told of its calls, as the engine sent it with its last request."""
    said = [part for part in s.scripted.server.requests[-1]["input"] if part["type"].endswith("_output")]
    assert said
    return json.dumps(said)


# -- item/permissions/requestApproval ---------------------------------------------------------

ASK_RIGHTS = {
    "call": "request_permissions",
    "args": {
        "reason": "I need to write outside",
        "permissions": {
            "file_system": {"write": ["/opt"], "read": ["/etc/hosts"]},
            "network": {"enabled": True},
        },
    },
}
RIGHTS = "request_permissions_tool = true\n"


@pytest.mark.engine
async def test_the_engine_takes_a_part_of_the_rights_it_asked_for() -> None:
    async with session([[ASK_RIGHTS], [SAY]], features=RIGHTS) as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        step = step_of(asked)
        assert isinstance(step, Ticks)
        assert choice(step, "y").result == {"permissions": {}}
        kinds = [right.kind for right in step.wish.rights]
        step = press(step, *["down"] * kinds.index("write"), "space")
        result = choice(step, "y").result
        assert result is not None
        assert result["scope"] == "turn"
        assert result["permissions"]["fileSystem"]["write"] == ["/opt"]
        assert "network" not in result["permissions"]
        assert await s.client.answer(asked.request_id, result)
        assert (await s.finished(turn_id)).status == "completed"
        assert "/opt" in told(s)
        assert "/etc/hosts" not in told(s)


@pytest.mark.engine
async def test_no_rights_is_an_answer() -> None:
    async with session([[ASK_RIGHTS], [SAY]], features=RIGHTS) as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        result = choice(step_of(asked), "d").result
        assert result is not None
        assert result == {"permissions": {}}
        assert await s.client.answer(asked.request_id, result)
        assert (await s.finished(turn_id)).status == "completed"


# -- item/tool/requestUserInput ---------------------------------------------------------------


@pytest.mark.engine
async def test_the_model_gets_the_options_and_the_words_as_they_were_given() -> None:
    async with session([[QUESTIONS], [SAY]], features="default_mode_request_user_input = true\n") as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        step = step_of(asked)
        assert isinstance(step, Asking)
        assert not step.request.is_blocking
        step = press(step, "2", "tab", "down", "down", *"why?", "left", "delete")
        leads = choice(step, "enter").leads
        assert leads is not None
        result = choice(leads(), "enter").result
        assert result is not None
        assert result == {
            "answers": {"sign": {"answers": ["Floor"]}, "zero": {"answers": ["user_note: why"]}}
        }
        assert await s.client.answer(asked.request_id, result)
        assert (await s.finished(turn_id)).status == "completed"
        assert "Floor" in told(s)
        assert "user_note: why" in told(s)


@pytest.mark.engine
async def test_in_plan_mode_the_agent_waits_and_nothing_can_be_skipped() -> None:
    plan = {
        "mode": "plan",
        "settings": {"model": "gpt-5.5", "reasoning_effort": "medium", "developer_instructions": None},
    }
    async with session([[QUESTIONS], [SAY]]) as s:
        started = await s.client.turn_start(s.thread_id, "go", collaboration_mode=plan)
        asked = await s.asked()
        step = step_of(asked)
        assert isinstance(step, Asking)
        assert step.request.is_blocking
        assert [choice.key for choice in step.sheet.choices] == ["enter", "tab", "escape"]
        stop = choice(step, "escape")
        assert stop.interrupts
        assert stop.result is not None
        assert await s.client.answer(asked.request_id, stop.result)
        await s.client.turn_interrupt(s.thread_id, started.turn.id)
        assert (await s.finished(started.turn.id)).status in ("interrupted", "completed")


# -- item/commandExecution/requestApproval with rights of its own --------------------------------


@pytest.mark.engine
async def test_a_command_says_which_rights_it_wants_beside() -> None:
    command = {
        "call": "exec_command",
        "args": {
            "cmd": "touch made.txt",
            "sandbox_permissions": "with_additional_permissions",
            "justification": "May I?",
            "additional_permissions": {"file_system": {"write": ["/opt"]}, "network": {"enabled": True}},
        },
    }
    async with session([[command], [SAY]], features="exec_permission_approvals = true\n") as s:
        turn_id = await s.prompt()
        asked = await s.asked()
        facts = {str(fact.label): fact.rows for fact in step_of(asked).sheet.facts}
        assert facts["May also"] == ("reach the network", "write /opt")
        assert await s.client.answer(asked.request_id, {"decision": "accept"})
        assert (await s.finished(turn_id)).status == "completed"


# -- item/tool/call ---------------------------------------------------------------------------


def _add(arguments: Any) -> str:
    if not isinstance(arguments, dict):
        raise ToolFailedError("two numbers are needed")
    return str(arguments["a"] + arguments["b"])  # pyright: ignore[reportUnknownArgumentType]


ADD = ClientTool(
    "add",
    "adds two numbers",
    {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    },
    _add,
)


@pytest.mark.engine
async def test_the_engine_calls_a_tool_of_the_clients() -> None:
    call = {"call": "add", "args": {"a": 2, "b": 40}}
    async with session([[call], [SAY]], dynamic=[ADD.spec]) as s:
        s.client.peer.offer(registry(ADD))
        turn_id = await s.prompt()
        assert (await s.finished(turn_id)).status == "completed"
        (item,) = s.items("dynamicToolCall")
        assert (item["success"], [*item["contentItems"]]) == (True, [{"type": "inputText", "text": "42"}])


@pytest.mark.engine
async def test_a_tool_nobody_has_fails_cleanly_and_is_said() -> None:
    call = {"call": "add", "args": {"a": 2, "b": 40}}
    async with session([[call], [SAY]], dynamic=[ADD.spec]) as s:
        turn_id = await s.prompt()
        assert (await s.finished(turn_id)).status == "completed"
        (item,) = s.items("dynamicToolCall")
        assert item["success"] is False
        remark = await s.heard.one(Remarked)
        assert remark.title == "The engine called a tool that this client does not have: add"
        assert '"b": 40' in remark.detail
        assert remark.thread_id == s.thread_id


def test_two_tools_of_one_name_are_no_registry() -> None:
    with pytest.raises(ValueError, match="same name"):
        registry(ADD, replace(ADD, description="another"))


def asked_for(arguments: Any, tool: str = "add", **more: Any) -> ServerRequest:
    params = {"threadId": "t", "turnId": "u", "callId": "c", "tool": tool, "arguments": arguments, **more}
    return ServerRequest(7, "item/tool/call", params)


def test_a_tool_that_fails_tells_the_model_why() -> None:
    reply = Attendant(registry(ADD)).reply(asked_for("nonsense"))
    assert reply is not None
    assert reply.body["result"] == {
        "contentItems": [{"type": "inputText", "text": "two numbers are needed"}],
        "success": False,
    }
    assert reply.notice is None


def test_a_tool_that_breaks_off_does_not_leave_the_engine_waiting() -> None:
    reply = Attendant(registry(ADD)).reply(asked_for({"a": 1}))
    assert reply is not None
    assert reply.body["result"]["success"] is False
    assert reply.notice is not None
    assert (reply.notice.severity, reply.notice.title) == (
        "error",
        "The client's tool add broke off: KeyError",
    )


def test_a_tool_of_a_namespace_is_another_tool() -> None:
    reply = Attendant(registry(ADD)).reply(asked_for({"a": 1, "b": 2}, namespace="crm"))
    assert reply is not None
    assert reply.body["result"]["success"] is False


# -- requests that no person is asked ---------------------------------------------------------


def test_the_time_is_told_in_whole_seconds() -> None:
    reply = Attendant(now=lambda: 1_700_000_000.9).reply(
        ServerRequest(0, "currentTime/read", {"threadId": "t"})
    )
    assert reply == ({"result": {"currentTimeAt": 1_700_000_000}}, "answered", None)


@pytest.mark.parametrize(
    ("method", "severity", "words"),
    [
        ("account/chatgptAuthTokens/refresh", "error", "codex login"),
        ("attestation/generate", "warning", "Refused"),
    ],
)
def test_what_this_client_cannot_give_is_refused_with_a_way_on(
    method: str, severity: str, words: str
) -> None:
    reply = Attendant().reply(ServerRequest("x", method, {"reason": "unauthorized"}))
    assert reply is not None
    assert reply.body["error"]["code"] == -32601
    assert reply.notice is not None
    assert reply.notice.severity == severity
    assert words in reply.notice.detail


def test_an_unknown_request_is_refused_and_stands_in_the_transcript_as_it_came() -> None:
    params = {"threadId": "t", "deep": ["x\u202ey", 1]}
    reply = Attendant().reply(ServerRequest(3, "future/ask", params))
    assert reply is not None
    assert "error" in reply.body
    assert reply.notice is not None
    assert reply.notice.title == "Refused a request this client does not know: future/ask"
    assert json.loads(reply.notice.detail) == params
    assert reply.notice.thread_id == "t"


def test_what_stands_of_an_unknown_request_is_bounded() -> None:
    attendant = Attendant()
    big = ServerRequest(3, "future/" + "x" * 100_000, {"text": "y" * 1_000_000})
    replies = [attendant.reply(big) for _ in range(SAID + 5)]
    assert all(reply is not None and "error" in reply.body for reply in replies)
    notices = [reply.notice for reply in replies if reply is not None and reply.notice is not None]
    assert len(notices) == SAID
    assert all(len(notice.title) + len(notice.detail) < 3 * RAW_SHOWN for notice in notices)
    assert "only counted" in notices[-1].detail


def test_a_known_request_is_left_to_a_person() -> None:
    assert Attendant().reply(ServerRequest(1, "item/permissions/requestApproval", {})) is None


def test_an_old_engines_command_is_the_same_words_as_a_shell_reads_them() -> None:
    request = LegacyCommandApproval(
        conversation_id="t", call_id="c", command=("bash", "-lc", "echo 'a b'"), cwd="/p"
    )
    sheet = legacy_command_sheet(request, Setting())
    assert sheet is not None
    assert [choice.key for choice in sheet.choices] == ["y", "s", "d", "t", "escape"]
