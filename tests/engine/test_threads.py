"""Open threads of the real engine: talked about aside, renamed, put away, compacted, told as a whole."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from codex_tui.conversation import Conversation
from codex_tui.engine.locate import locate
from codex_tui.export.document import Moment
from codex_tui.export.markdown import markdown
from codex_tui.history.access import Catalogue, Choice
from codex_tui.history.open import is_side, open_threads
from codex_tui.intents import Way
from codex_tui.launch import Launch
from codex_tui.options import Options
from codex_tui.session.state import Change, State
from codex_tui.session.transcript import Thread
from codex_tui.text import SafeText
from codex_tui.trust import Answer, Trust
from tests.engine.scripted import ScriptedModel
from tests.history.rollouts import write_rollout

pytestmark = pytest.mark.engine

SECONDS = 20.0


class Face:
    """Shows nothing; keeps what was given back."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers
        self.back: list[tuple[str, str]] = []
        self.asked: list[tuple[str, list[str]]] = []

    async def deliver(self, state: State, change: Change) -> None:
        return

    def give_back(self, text: str, reason: str) -> None:
        self.back.append((text, reason))

    async def pick_thread(self, catalogue: Catalogue, here: str) -> Choice | None:
        return None

    async def choose(self, heading: SafeText, detail: SafeText, ways: Sequence[Way]) -> str | None:
        self.asked.append((heading, [way.key for way in ways]))
        return self.answers.pop(0) if self.answers else None

    async def ask_trust(self, trust: Trust) -> Answer:
        return "trust"


class Session:
    def __init__(self, conversation: Conversation, face: Face) -> None:
        self.conversation = conversation
        self.face = face

    @property
    def state(self) -> State:
        return self.conversation.store.state

    @property
    def active(self) -> Thread:
        assert self.state.active is not None
        return self.state.active

    async def until(self, holds: Callable[[State], bool]) -> State:
        with anyio.fail_after(SECONDS):
            return await self.conversation.store.until(holds)

    async def say(self, text: str) -> None:
        """Send, and wait for the end of the turn."""
        count = len(_done(self.active))
        self.conversation.send(text)
        await self.until(lambda state: state.active is not None and len(_done(state.active)) > count)


def _done(thread: Thread) -> list[str]:
    return [turn.id for turn in thread.turns if turn.status == "completed" and not turn.is_notes]


@asynccontextmanager
async def session(
    scripted: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    *answers: str,
    thread_id: str | None = None,
    **more: Any,
) -> AsyncGenerator[Session]:
    """A session in the project, of a new thread or of that one; `answers` are the ways that are chosen.
    `more`: what else the command line says."""
    for name, value in scripted.env.items():
        monkeypatch.setenv(name, value)
    options = Options(cwd=scripted.project, engine=str(scripted.engine), thread_id=thread_id, **more)
    launch = Launch(options)  # not entered: there is no terminal to make quiet
    launch.binary = locate(options.engine)
    face = Face(list(answers))
    conversation = Conversation(options, launch, face)
    async with anyio.create_task_group() as group:
        group.start_soon(conversation.run)
        with anyio.fail_after(SECONDS):
            await conversation.opened.wait()
            await conversation.store.until(lambda state: state.active is not None)
        yield Session(conversation, face)
        group.cancel_scope.cancel()


SAID = [
    [{"msg": text}] for text in ("Bread needs time.", "Zebras have stripes.", "Salt it.", "In short: bread.")
]


async def test_a_side_conversation_leaves_no_trace_and_leads_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(SAID) as scripted:
        async with session(scripted, monkeypatch) as s:
            main = s.active.id
            await s.say("how long does dough rest")
            s.conversation.threads.side("what do zebras have")
            await s.until(
                lambda state: state.active is not None and is_side(state.active) and bool(_done(state.active))
            )
            aside = s.active.id
            assert [(row.depth, row.is_side, row.is_shown) for row in open_threads(s.state, {})] == [
                (0, False, False),
                (1, True, True),
            ]
            assert (await s.conversation.catalogue.whole(aside)).id == aside
            s.conversation.threads.leave_side()
            await s.until(lambda state: state.active_id == main)
            await s.until(lambda state: state.threads[aside].status == "notLoaded")
            assert [row.id for row in open_threads(s.state, {})] == [main]
            await s.say("and the salt")
            assert len(_done(s.active)) == 2
            requests = [str(request) for request in scripted.server.requests]
            aside_only = [request for request in requests if "what do zebras have" in request]
            assert aside_only
            assert all("dough" in request for request in aside_only)
            assert "and the salt" in requests[-1]
            assert "zebras" not in requests[-1]


async def test_a_thread_is_named_told_as_a_whole_compacted_and_put_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(SAID) as scripted:
        async with session(scripted, monkeypatch) as s:
            first = s.active.id
            await s.say("how long does dough rest")
            await s.say("what do zebras have")
            s.conversation.threads.rename("bread & zebras")
            await s.until(lambda state: state.active is not None and state.active.name == "bread & zebras")
            source = markdown(await s.conversation.catalogue.whole(first), Moment(0.0))
            assert source.startswith("# bread \\& zebras\n")
            assert source.index("Bread needs time.") < source.index("Zebras have stripes.")
            s.conversation.threads.compact()
            kinds = "contextCompaction"
            await s.until(
                lambda state: any(
                    getattr(item.body, "type", "") == kinds and item.phase == "done"
                    for turn in state.threads[first].turns
                    for item in turn.items
                )
            )
            await s.until(lambda state: state.threads[first].running_turn is None)
            s.conversation.threads.archive()
            await s.until(lambda state: state.active_id not in (first, None))
            assert not len(s.active.turns)
            listed = [entry async for page in s.conversation.catalogue.pages(archived=True) for entry in page]
            assert [entry.id for entry in listed][:1] == [first]


async def test_another_open_thread_is_shown_at_once_and_a_copy_ends_where_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from codex_tui.history import Entry

    with ScriptedModel(SAID) as scripted:
        async with session(scripted, monkeypatch) as s:
            first = s.active.id
            await s.say("how long does dough rest")
            until = s.active.turns[0].id
            await s.say("what do zebras have")
            entry = Entry(first, cwd=str(scripted.project))
            s.conversation.open_thread(Choice("fork", entry, until))
            await s.until(lambda state: state.active_id != first)
            assert [turn.status for turn in s.active.turns] == ["completed"]
            copy = s.active.id
            s.conversation.threads.show(first)
            await s.until(lambda state: state.active_id == first)
            assert len(_done(s.active)) == 2
            s.conversation.threads.show(copy)
            await s.until(lambda state: state.active_id == copy)
            await s.say("and the salt")
            assert Path(s.active.settings.cwd) == scripted.project


async def _saved(scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """A thread of one turn in `folder`, made and closed."""
    async with session(scripted, monkeypatch) as s:
        await s.conversation._opening.start(s.conversation.threads._client, folder)  # pyright: ignore[reportPrivateUsage]
        made = s.conversation._opening.thread_id  # pyright: ignore[reportPrivateUsage]
        assert made is not None
        await s.until(lambda state: state.active_id == made)
        await s.say("how long does dough rest")
        return made


async def test_a_thread_whose_directory_is_gone_goes_on_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(SAID) as scripted:
        gone = scripted.project / "gone"
        gone.mkdir()
        made = await _saved(scripted, monkeypatch, gone)
        gone.rmdir()
        async with session(scripted, monkeypatch, "h", thread_id=made) as s:
            assert s.face.asked == [("The directory of this thread is gone", ["h", "k"])]
            assert s.active.settings.cwd == str(scripted.project)
            await s.say("and the salt")
            assert len(_done(s.active)) == 2


async def test_what_was_put_away_is_brought_back_and_an_unknown_id_leads_to_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(SAID) as scripted:
        made = await _saved(scripted, monkeypatch, scripted.project)
        async with session(scripted, monkeypatch) as s:
            await s.conversation.catalogue.archive(made)
        async with session(scripted, monkeypatch, "b", thread_id=made) as s:
            assert s.face.asked == [("This thread was put away", ["b", "o"])]
            assert s.active.id == made
        wrong = f"{made[:-2]}{'00' if made[-2:] != '00' else '11'}"
        async with session(scripted, monkeypatch, "1", thread_id=wrong) as s:
            assert s.face.asked == [("There is no such thread", ["1", "o"])]
            assert s.active.id == made


async def test_a_damaged_file_is_listed_with_the_reason_and_blocks_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(SAID) as scripted:
        made = await _saved(scripted, monkeypatch, scripted.project)
        (rollout,) = [path for path in scripted.home.rglob("rollout-*.jsonl") if made in path.name]
        bad = f"{made[:-4]}{'0000' if made[-4:] != '0000' else '1111'}"
        rollout.with_name(rollout.name.replace(made, bad)).write_text("{half")
        async with session(scripted, monkeypatch) as s:
            pages = [page async for page in s.conversation.catalogue.pages(archived=False)]
            listed = {entry.id: entry.damage for page in pages for entry in page}
            assert listed == {made: "", bad: "its first line was cut off"}


async def test_the_files_are_looked_at_only_for_what_the_index_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(SAID) as scripted:
        made = await _saved(scripted, monkeypatch, scripted.project)
        (rollout,) = [path for path in scripted.home.rglob("rollout-*.jsonl") if made in path.name]
        other = f"{made[:-4]}{'0000' if made[-4:] != '0000' else '1111'}"
        async with session(scripted, monkeypatch) as s:

            async def listed() -> list[list[str]]:
                pages = s.conversation.catalogue.pages(archived=False)
                return [sorted(entry.id for entry in page) async for page in pages]

            assert await listed() == [[made]]
            # As a client leaves it that keeps no index: all is in the file.
            text = rollout.read_text().replace(made, other)
            text = text.replace('"history_mode":"paginated"', '"history_mode":"legacy"')
            rollout.with_name(rollout.name.replace(made, other)).write_text(text)
            assert await listed() == [[made], sorted([made, other])]
            assert await listed() == [sorted([made, other])]
            # A file of which the engine makes nothing is looked at once, until it changes.
            odd = rollout.with_name(rollout.name.replace(made, f"{made[:-4]}2222"))
            odd.write_text('{"timestamp":"x","type":"session_meta","payload":{}}\n')
            both = sorted([made, other])
            assert [len(await listed()), await listed()] == [2, [both]]


async def test_a_thread_that_another_program_writes_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(SAID) as scripted:
        async with session(scripted, monkeypatch) as first:
            await first.say("how long does dough rest")
            async with session(scripted, monkeypatch, "t", "c", thread_id=first.active.id) as s:
                says = ("Another program has this thread open", ["c", "t", "o"])
                assert s.face.asked == [says, says]
                assert s.active.id != first.active.id
                assert len(_done(s.active)) == 1


async def test_a_thread_of_a_provider_that_is_not_there_goes_on_with_the_configured_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel(SAID) as scripted:
        made = await _saved(scripted, monkeypatch, scripted.project)
        (rollout,) = [path for path in scripted.home.rglob("rollout-*.jsonl") if made in path.name]
        rollout.write_text(rollout.read_text().replace('"scripted"', '"nowhere"'))
        for index in scripted.home.glob("state_*.sqlite*"):
            index.unlink()  # it knows the provider, too
        async with session(scripted, monkeypatch, "d", thread_id=made) as s:
            ((heading, ways),) = s.face.asked
            assert "nowhere" in heading
            assert ways == ["d", "o"]
            assert s.active.settings.provider == "scripted"


async def test_the_last_one_is_the_one_that_was_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedModel(SAID) as scripted:
        older, newer = (
            write_rollout(scripted.home, one, cwd=scripted.project) for one in ("0.77.0", "0.169.0")
        )
        (file,) = scripted.home.rglob(f"*{older}.jsonl")
        os.utime(file, (1, 1))  # the engine goes by the time of the file
        async with session(scripted, monkeypatch, last=True) as s:
            assert s.active.id == newer
        async with session(scripted, monkeypatch, thread_id=older) as s:
            await s.say("and the salt")
        async with session(scripted, monkeypatch, last=True) as s:
            assert s.active.id == older


async def test_a_name_that_several_have_is_asked_about_and_one_that_none_has_leads_to_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedModel([]) as scripted:
        made = [
            write_rollout(scripted.home, version, cwd=scripted.project)
            for version in ("0.151.0", "0.169.0", "0.150.0")
        ]
        async with session(scripted, monkeypatch) as s:
            for thread_id, name in zip(made, ("bread", "bread", "zebras"), strict=True):
                await s.conversation.catalogue.rename(thread_id, name)
        async with session(scripted, monkeypatch, thread_name="zebras") as s:
            assert (s.active.id, s.face.asked) == (made[2], [])
        async with session(scripted, monkeypatch, "2", thread_name="bread") as s:
            assert s.face.asked == [("Several threads are called bread", ["1", "2", "o"])]
            assert s.active.id in made[:2]
        async with session(scripted, monkeypatch, "1", thread_name="zebrass") as s:
            assert s.face.asked == [("No saved thread is called zebrass", ["1", "o"])]
            assert s.active.id == made[2]
