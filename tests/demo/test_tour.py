"""The tour on the real engine: every stage, with every approval given and with none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from codex_tui.demo.project import CALC
from codex_tui.demo.tour import SCENES, Tour
from tests.demo.conversation import Conversation, JsonObject, accept_all, completed, outcome
from tests.engine.scripted import ScriptedModel

pytestmark = pytest.mark.engine


@pytest.fixture
def scripted() -> Iterator[ScriptedModel]:
    with ScriptedModel(Tour(pause=0)) as scripted:
        yield scripted


@pytest.fixture
def talk(scripted: ScriptedModel) -> Iterator[Conversation]:
    with Conversation(scripted.engine, scripted.env, scripted.thread) as talk:
        yield talk


def decline_all(request: JsonObject) -> JsonObject:
    return {"decision": "decline"}


def cancel_all(request: JsonObject) -> JsonObject:
    return {"decision": "cancel"}


def statuses(messages: list[JsonObject], kind: str) -> list[str]:
    return [item["status"] for item in completed(messages, kind)]


def last_words(messages: list[JsonObject]) -> str:
    return completed(messages, "agentMessage")[-1]["text"]


def last_plan(messages: list[JsonObject]) -> list[str]:
    plans = [m["params"]["plan"] for m in messages if m.get("method") == "turn/plan/updated"]
    return [step["status"] for step in plans[-1]]


def test_the_tour_with_every_approval_given(scripted: ScriptedModel, talk: Conversation):
    messages = talk.say("Show me around", accept_all)
    assert outcome(messages) == "completed"
    commands = completed(messages, "commandExecution")
    assert [command["exitCode"] for command in commands] == [0, 1, 0, 0]
    assert commands[0]["aggregatedOutput"] == "3\n"
    assert "test_div" in commands[1]["aggregatedOutput"]
    assert commands[3]["aggregatedOutput"].count("\n") == 225
    assert statuses(messages, "fileChange") == ["completed"]
    assert len(completed(messages, "reasoning")) == 2
    assert last_plan(messages) == ["completed"] * 5
    assert "the repair: **done**" in last_words(messages)
    assert "cannot divide by zero" in (scripted.project / "calc.py").read_text(encoding="utf-8")


def test_the_tour_with_every_approval_declined(scripted: ScriptedModel, talk: Conversation):
    messages = talk.say("tour", decline_all)
    assert outcome(messages) == "completed"
    assert statuses(messages, "commandExecution") == ["declined"] * 4
    assert statuses(messages, "fileChange") == ["declined"]
    assert last_words(messages).count("declined by you") == 5
    assert (scripted.project / "calc.py").read_text(encoding="utf-8") == CALC


def test_a_tour_stopped_at_every_question_goes_on_with_next(talk: Conversation):
    assert outcome(talk.say("tour", cancel_all)) == "interrupted"
    for _ in range(4):
        assert outcome(talk.say("next", cancel_all)) == "interrupted"
    messages = talk.say("next", cancel_all)
    assert outcome(messages) == "completed"
    assert "That was the tour" in last_words(messages)


def test_a_rule_given_in_the_tour_stays_in_the_throwaway_home(scripted: ScriptedModel, talk: Conversation):
    asked: list[JsonObject] = []

    def always(request: JsonObject) -> JsonObject:
        asked.append(request["params"])
        amendment = request["params"].get("proposedExecpolicyAmendment")
        if amendment is None:
            return {"decision": "accept"}
        return {"decision": {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": amendment}}}

    assert outcome(talk.say("tour", always)) == "completed"
    rules = (scripted.home / "rules" / "default.rules").read_text(encoding="utf-8")
    assert '"calc.py"' in rules
    # The tests are asked about once, not twice.
    assert sum("unittest" in params.get("command", "") for params in asked) == 1


def test_free_words_in_mid_tour_are_answered_and_the_tour_can_go_on(talk: Conversation):
    talk.say("tour", cancel_all)
    messages = talk.say("What is the capital of France?")
    assert "`next` goes on" in last_words(messages)
    assert "capital of France" in last_words(messages)
    assert "That was the tour" in last_words(talk.say("Next!"))


def test_free_words_get_the_list_of_what_can_be_tried(talk: Conversation):
    words = last_words(talk.say("What is the capital of France?"))
    assert "I am a script" in words
    assert all(f"`{name}`" in words for name in SCENES)


def test_each_scene_comes_to_its_end(talk: Conversation):
    for name in sorted(set(SCENES) - {"tour", "error", "sleep"}):
        messages = talk.say(name)
        assert outcome(messages) == "completed", name
        assert "I am a script" not in last_words(messages), name


def test_the_error_scene_fails_its_turn_only(talk: Conversation):
    messages = talk.say("error")
    assert outcome(messages) == "failed"
    assert "part of the demo" in messages[-1]["params"]["turn"]["error"]["message"]
    assert outcome(talk.say("think")) == "completed"


def test_the_patch_can_be_tried_again_and_again(scripted: ScriptedModel, talk: Conversation):
    for repaired in (True, False, True):
        assert statuses(talk.say("patch"), "fileChange") == ["completed"]
        text = (scripted.project / "calc.py").read_text(encoding="utf-8")
        assert ("cannot divide by zero" in text) is repaired
        assert (text == CALC) is not repaired


def test_a_tour_after_a_tour_starts_from_its_beginning(talk: Conversation):
    talk.say("tour")
    messages = talk.say("tour", decline_all)
    assert last_words(messages).count("declined by you") == 5
    assert "Welcome" in completed(messages, "agentMessage")[0]["text"]


def test_the_commands_of_the_demo_need_only_a_shell_and_python(scripted: ScriptedModel):
    run = [sys.executable, "calc.py", "20", "+", "22"]
    done = subprocess.run(run, cwd=scripted.project, capture_output=True, text=True, check=True)
    assert done.stdout == "42\n"
