"""What comes back with a thread in a fresh engine and in a running one: plan, tokens, changes, questions."""

from __future__ import annotations

import signal

import pytest

from codex_tui.diffs.sources import ThreadDiffs
from codex_tui.history import Entry
from codex_tui.history.access import Choice
from codex_tui.session.state import State
from codex_tui.session.transcript import Checklist, Thread
from tests.engine.scripted import ScriptedModel
from tests.engine.test_threads import Session, session

pytestmark = pytest.mark.engine

PATCH = "*** Begin Patch\n*** Add File: note.txt\n+dough\n*** End Patch\n"
LOOK = {"step": "look", "status": "completed"}
WORK = [
    [{"call": "update_plan", "args": {"plan": [{"step": "look", "status": "pending"}]}}],
    [{"call": "update_plan", "args": {"explanation": "bread", "plan": [LOOK]}}],
    [{"call": "exec_command", "args": {"cmd": "ls"}}],
    [{"custom": "apply_patch", "input": PATCH}],
    [{"msg": "Written."}],
]


def told(thread: Thread) -> list[tuple[str, list[str]]]:
    turns = [turn for turn in thread.turns if not turn.is_notes]
    return [(turn.status, [item.body.type for item in turn.items]) for turn in turns]


def plans(thread: Thread) -> list[Checklist]:
    bodies = [item.body for turn in thread.turns for item in turn.items]
    return [body for body in bodies if isinstance(body, Checklist)]


def changed(thread: Thread) -> dict[str, tuple[str, list[str]]]:
    """Each changed file of the session with its new lines."""
    files = ThreadDiffs().session(thread)
    return {
        file.path: (file.kind, [line.text for hunk in file.hunks for line in hunk.lines]) for file in files
    }


async def test_plan_tokens_commands_and_changes_come_back_in_a_fresh_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(WORK, approval="never", sandbox="danger-full-access") as scripted:
        rights = {"approval": "never", "sandbox": "danger-full-access"}
        async with session(scripted, monkeypatch, **rights) as s:
            await s.say("write it down")
            before = s.active
        async with session(scripted, monkeypatch, thread_id=before.id, **rights) as s:
            await s.until(lambda state: state.active is not None and bool(plans(state.active)))
            await s.until(lambda state: state.active is not None and bool(state.active.tokens.total))
            assert told(s.active) == told(before)
            assert plans(s.active) == plans(before)
            assert s.active.tokens == before.tokens
            assert changed(s.active) == changed(before)
            (diff,) = changed(s.active).values()
            assert diff == ("new", ["dough"])


def asks(state: State) -> bool:
    return state.inbox.head is not None


async def _ask(s: Session) -> str:
    """A turn that waits for a word on its patch; the thread's id."""
    s.conversation.send("write it down")
    await s.until(asks)
    return s.active.id


async def test_a_question_that_waits_is_asked_once_when_its_thread_is_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(WORK[3:]) as scripted:
        async with session(scripted, monkeypatch, approval="untrusted", sandbox="workspace-write") as s:
            asked = await _ask(s)
            s.conversation.new_thread()
            await s.until(lambda state: state.active_id != asked)
            s.conversation.open_thread(Choice("resume", Entry(asked, cwd=str(scripted.project))))
            await s.until(lambda state: state.active_id == asked)
            (question,) = s.state.inbox.questions
            assert question.thread_id == asked
            s.conversation.answer(question.key, {"decision": "accept"}, "accept")
            await s.until(lambda state: told(state.threads[asked])[-1][0] == "completed")
            assert not s.state.inbox.questions
            assert (scripted.project / "note.txt").read_text() == "dough\n"


async def test_a_question_of_an_engine_that_died_is_over_and_the_thread_goes_on_in_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel([*WORK[3:4], *WORK[4:]]) as scripted:
        async with session(scripted, monkeypatch, approval="untrusted", sandbox="workspace-write") as s:
            asked = await _ask(s)
            process = s.conversation._launch.process  # pyright: ignore[reportPrivateUsage]
            assert process is not None
            process.send_signal(signal.SIGKILL)
            await s.until(lambda state: state.engine.is_gone)
            assert not s.state.inbox.questions
            s.conversation.restart_engine()
            await s.until(lambda state: state.engine.phase == "ready")
            await s.until(lambda state: told(state.threads[asked])[-1][0] == "interrupted")
            await s.say("go on")
            assert [status for status, _ in told(s.active)] == ["interrupted", "completed"]
            assert not (scripted.project / "note.txt").exists()
