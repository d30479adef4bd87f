"""Threads that engines of every generation wrote: listed, looked at, opened, read and gone on with."""

from __future__ import annotations

import pytest

from codex_tui.detours import COPY, DEFAULT, ways_around, why
from codex_tui.engine.failures import RefusedError
from codex_tui.history import Entry
from codex_tui.history.access import Choice
from codex_tui.session.transcript import Notice, Thread
from tests.engine.scripted import ScriptedModel
from tests.engine.test_threads import Session, session
from tests.history.rollouts import GENERATIONS, answer_of, prompt_of, write_rollout

#: What is shown of a turn with a thought, a command, a patch and an answer. The engine reads no more out of
#: older files, and the paged ones were made without thought and patch.
SHOWN = {
    **dict.fromkeys(GENERATIONS[:4], ("userMessage", "reasoning", "agentMessage")),
    **dict.fromkeys(GENERATIONS[4:7], ("userMessage", "reasoning", "fileChange", "agentMessage")),
    **dict.fromkeys(GENERATIONS[7:], ("userMessage", "commandExecution", "agentMessage")),
}


async def _listed(s: Session, *, archived: bool = False) -> dict[str, Entry]:
    pages = [page async for page in s.conversation.catalogue.pages(archived=archived)]
    return {entry.id: entry for page in pages for entry in page}


async def _open(s: Session, entry: Entry) -> None:
    s.conversation.open_thread(Choice("resume", entry))
    await s.until(lambda state: state.active_id == entry.id)


def _kinds(thread: Thread) -> list[tuple[str, ...]]:
    return [tuple(item.body.type for item in turn.items) for turn in thread.turns if not turn.is_notes]


def _said(thread: Thread) -> list[str]:
    """The last words of each turn, "" where a prompt was all."""
    return [getattr(turn.items[-1].body, "text", "") for turn in thread.turns if not turn.is_notes]


def _complaints(s: Session) -> list[str]:
    """Errors that stand in any thread or beside them."""
    bodies = [item.body for one in s.state.threads.values() for turn in one.turns for item in turn.items]
    notices = [body for body in (*bodies, *s.state.notices) if isinstance(body, Notice)]
    return [notice.title for notice in notices if notice.severity == "error"]


async def test_a_thread_of_every_generation_is_listed_read_and_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [[{"msg": f"Fresh {at}."}] for at in range(len(GENERATIONS))]
    with ScriptedModel(answers) as scripted:
        made = {write_rollout(scripted.home, one, cwd=scripted.project): one for one in GENERATIONS}
        async with session(scripted, monkeypatch) as s:
            entries = await _listed(s)
            assert set(made) <= set(entries)
            for number, (thread_id, version) in enumerate(made.items()):
                entry = entries[thread_id]
                assert (entry.damage, entry.cwd) == ("", str(scripted.project)), version
                assert prompt_of(0) in entry.title, version
                assert (await s.conversation.catalogue.peek(entry)).thread.id == thread_id
                await _open(s, entry)
                assert _kinds(s.active) == [SHOWN[version]] * 2, version
                assert _said(s.active) == [answer_of(0), answer_of(1)]
                await s.say("and the salt?")
                assert _said(s.active)[-1] == f"Fresh {number}.", version
                asked = str(scripted.server.requests[-1])
                assert all(words in asked for words in (prompt_of(0), answer_of(1), "and the salt?")), version
            assert s.face.asked == []
            assert _complaints(s) == []


async def test_nothing_stands_twice_when_an_old_thread_is_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel([[{"msg": "Fresh."}]]) as scripted:
        made = write_rollout(scripted.home, "0.150.0", cwd=scripted.project)
        async with session(scripted, monkeypatch, thread_id=made) as s:
            await s.say("and the salt?")
            process = s.conversation._launch.process  # pyright: ignore[reportPrivateUsage]
            assert process is not None
            process.kill()
            await s.until(lambda state: state.engine.is_gone)
            s.conversation.restart_engine()
            await s.until(lambda state: state.engine.phase == "ready")
            await s.until(lambda state: state.threads[made].status == "idle")
            assert _kinds(s.active)[-1] == ("userMessage", "agentMessage")
            whole = await s.conversation.catalogue.whole(made)
            assert _kinds(whole) == _kinds(s.active)


async def test_what_an_old_engine_put_away_is_brought_back_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = ("0.42.0", "0.150.0", "0.169.0")
    with ScriptedModel([]) as scripted:
        made = [
            write_rollout(scripted.home, one, cwd=scripted.project, turns=1, archived=True)
            for one in versions
        ]
        async with session(scripted, monkeypatch, *"bbb") as s:
            entries = await _listed(s, archived=True)
            for thread_id in made:
                await _open(s, entries[thread_id])
                assert _said(s.active) == [answer_of(0)]
            assert s.face.asked == [("This thread was put away", ["b"])] * 3
            assert set(made) <= set(await _listed(s))


@pytest.mark.parametrize("version", ["0.77.0", "0.150.0", "0.169.0"])
async def test_an_old_thread_of_a_missing_provider_or_directory_gets_a_choice_each(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel([[{"msg": "Fresh."}]]) as scripted:
        gone = scripted.project / "gone"
        made = write_rollout(scripted.home, version, cwd=gone, provider="nowhere")
        async with session(scripted, monkeypatch, "h", "d", "h", thread_id=made) as s:
            assert s.face.asked[:2] == [
                ("The directory of this thread is gone", ["h", "k"]),
                ("The model provider of this thread is not set up: nowhere", ["d", "o"]),
            ]
            assert s.active.settings.provider == "scripted"
            assert s.active.settings.cwd == str(scripted.project)
            await s.say("and the salt?")
            assert _said(s.active)[-1] == "Fresh."


async def test_a_thread_from_before_providers_were_noted_goes_on_without_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel([[{"msg": "Fresh."}]]) as scripted:
        made = write_rollout(scripted.home, "0.42.0", cwd=scripted.project)
        async with session(scripted, monkeypatch, thread_id=made) as s:
            await s.say("and the salt?")
            assert (_said(s.active)[-1], s.face.asked) == ("Fresh.", [])


@pytest.mark.parametrize("version", ["0.77.0", "0.150.0", "0.169.0"])
async def test_a_file_whose_end_was_never_written_opens_with_what_is_there(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel([[{"msg": "Fresh."}]]) as scripted:
        made = write_rollout(scripted.home, version, cwd=scripted.project, turns=3, cut=250)
        async with session(scripted, monkeypatch, thread_id=made) as s:
            assert _kinds(s.active)[:2] == [SHOWN[version]] * 2
            await s.say("and the salt?")
            assert _said(s.active)[-1] == "Fresh."
            assert _complaints(s) == []


def test_an_engine_that_keeps_a_threads_provider_gets_a_copy_asked_of_it() -> None:
    said = "This chat uses model provider \u201cmine\u201d, which is no longer configured."
    newer = RefusedError("thread/resume", -32600, said, {"type": "modelProviderNotConfigured"})
    older = RefusedError("thread/resume", -32600, "Model provider `mine` not found")
    assert [way.key for way in ways_around(newer, "here")] == [COPY]
    assert [way.key for way in ways_around(older, "here")] == [DEFAULT]
    for error in (newer, older):
        assert why(error) == "The model provider of this thread is not set up: mine"
        assert ways_around(error, "") == []
