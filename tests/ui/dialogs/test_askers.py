"""Who asks, and whose terminal is typed into: said in the title and in the facts."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from codex_tui.dialogs.bodies import first_step
from codex_tui.dialogs.setting import item_of, setting_of
from codex_tui.dialogs.step import Step
from codex_tui.protocol.items import parse_item
from codex_tui.session.inbox import Question
from codex_tui.session.state import State
from codex_tui.session.transcript import Item, Settings, Thread
from tests.ui.dialogs.asks import SIGN, legacy_command, questions, some_rights
from tests.ui.dialogs.stage import HOME, PROJECT, Stage, exec_question, patch_question, place, state

WRITE = "write_stdin --session-id 60196 'rm -rf x\n'"


def typed(number: int = 0) -> Question:
    return exec_question(
        WRITE,
        number=number,
        kind="writeStdin",
        approvalId="call_2",
        reason="Send input to an existing terminal.",
        commandActions=[{"type": "unknown", "command": WRITE}],
    )


def cat(command: str = "/bin/bash -c cat") -> Item:
    raw = {
        "type": "commandExecution",
        "id": "call_0",
        "command": command,
        "cwd": PROJECT,
        "status": "inProgress",
    }
    return Item("call_0", "u", parse_item(raw))


def step(question: Question, now: State) -> Step:
    setting = setting_of(question, now, HOME, place)
    return first_step(question, item_of(question, now), setting)


def facts(page: Step) -> str:
    return "\n".join(f"{fact.label}: {' / '.join(fact.rows)}" for fact in page.sheet.facts)


def of_a_sub_agent(question: Question) -> tuple[Question, State]:
    question = replace(question, thread_id="s")
    now = state(question)
    helper = Thread("s", name="tests", parent_id="t", settings=Settings(cwd=PROJECT))
    return question, replace(now, threads=MappingProxyType({**now.threads, "s": helper}))


def test_input_for_a_terminal_says_what_runs_there() -> None:
    page = step(typed(), state(typed(), items=[cat()]))
    assert page.sheet.title == "Type this into the running terminal?"
    assert "Types into: the terminal of the command\n: cat\n" in facts(page)


def test_a_terminal_nobody_has_seen_is_said_to_be_unknown() -> None:
    assert "a terminal whose command is not known" in facts(step(typed(), state(typed())))


def test_a_very_long_command_of_a_terminal_is_not_all_repeated() -> None:
    told = facts(step(typed(), state(typed(), items=[cat("echo " + "x" * 100_000)])))
    assert len(told) < 5000
    assert "[and more]" in told


@pytest.mark.parametrize(
    "question",
    [exec_question(), typed(), patch_question(), some_rights(), questions(SIGN), legacy_command("ls")],
    ids=["command", "input", "patch", "rights", "questions", "old command"],
)
def test_a_sub_agents_request_says_so(question: Question) -> None:
    page = step(*of_a_sub_agent(question))
    assert "ub-agent" in page.sheet.title
    assert "Asked by: sub-agent tests" in facts(page)
    assert "ub-agent" not in step(question, state(question)).sheet.title


def test_a_request_of_a_thread_nobody_knows_names_it() -> None:
    question = replace(exec_question(), thread_id="elsewhere")
    page = step(question, state(question))
    assert "Asked by: sub-agent elsewhere" in facts(page)


async def test_stopping_a_sub_agents_question_stops_its_turn_and_not_the_one_on_screen() -> None:
    question, now = of_a_sub_agent(questions(SIGN))
    app = Stage(now)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.live(pilot)
        await pilot.press("escape")
        assert app.answers == [({"answers": {}}, "cancel")]
        assert app.notes.wanted[-1] == ("interrupt", question.thread_id)
