"""The scripted model speaks what the real engine understands."""

from __future__ import annotations

import pytest

from tests.demo.conversation import Conversation, completed, outcome
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.engine

PATCH = "*** Begin Patch\n*** Add File: new.txt\n+été\n*** End Patch\n"


def test_every_kind_of_step_arrives_as_the_item_it_stands_for():
    plan = {"plan": [{"step": "look", "status": "completed"}]}
    script = [
        [
            {"reason": ["**One**\n\nfirst", "**Two**\n\nsecond"]},
            {"msg": "Grüße, 漢字 and a “quote” \\ \n", "chunk": 3},
            {"call": "exec_command", "args": {"cmd": "echo made; touch made.txt", "login": False}},
        ],
        [{"custom": "apply_patch", "input": PATCH, "chunk": 7}],
        [{"call": "update_plan", "args": plan}],
        [{"search": "weather"}, {"msg": "The end.", "phase": "final_answer"}],
    ]
    with (
        ScriptedModel(script) as scripted,
        Conversation(scripted.engine, scripted.env, scripted.thread) as talk,
    ):
        messages = talk.say("go")
        assert outcome(messages) == "completed"
        assert completed(messages, "reasoning")[0]["summary"] == ["**One**\n\nfirst", "**Two**\n\nsecond"]
        assert [item["text"] for item in completed(messages, "agentMessage")] == [
            "Grüße, 漢字 and a “quote” \\ \n",
            "The end.",
        ]
        (command,) = completed(messages, "commandExecution")
        assert (command["status"], command["aggregatedOutput"]) == ("completed", "made\n")
        assert [item["status"] for item in completed(messages, "fileChange")] == ["completed"]
        assert (scripted.project / "new.txt").read_text(encoding="utf-8") == "été\n"
        assert completed(messages, "webSearch")[0]["query"] == "weather"
        assert any(message.get("method") == "turn/plan/updated" for message in messages)
        deltas = [m["params"]["delta"] for m in messages if m.get("method") == "item/agentMessage/delta"]
        assert deltas[0] == "Grü"


def test_a_refused_request_fails_the_turn_and_the_next_turn_works():
    script = [[{"http": 400, "body": "no, thank you"}], [{"msg": "better"}]]
    with (
        ScriptedModel(script) as scripted,
        Conversation(scripted.engine, scripted.env, scripted.thread) as talk,
    ):
        assert outcome(talk.say("one")) == "failed"
        messages = talk.say("two")
        assert outcome(messages) == "completed"
        assert completed(messages, "agentMessage")[0]["text"] == "better"


def test_a_connection_dropped_in_mid_stream_is_retried():
    script = [[{"msg": "half an ans", "nodone": True}, {"drop": True}], [{"msg": "whole answer"}]]
    with (
        ScriptedModel(script, retries=1) as scripted,
        Conversation(scripted.engine, scripted.env, scripted.thread) as talk,
    ):
        messages = talk.say("go")
        assert outcome(messages) == "completed"
        assert [item["text"] for item in completed(messages, "agentMessage")] == ["whole answer"]


def test_the_engine_reaches_for_nothing_but_the_model():
    with (
        ScriptedModel([[{"msg": "done"}]]) as scripted,
        Conversation(scripted.engine, scripted.env, scripted.thread) as talk,
    ):
        talk.say("go")
        assert list(scripted.server.strays) == []


def test_the_model_sees_what_the_person_wrote():
    with (
        ScriptedModel([[{"msg": "done"}]]) as scripted,
        Conversation(scripted.engine, scripted.env, scripted.thread) as talk,
    ):
        talk.say("a very special prompt")
        (request,) = scripted.server.requests
        assert request["input"][-1]["content"][0]["text"] == "a very special prompt"
        assert {"exec_command", "apply_patch", "update_plan"} <= {
            tool.get("name") for tool in request["tools"]
        }
