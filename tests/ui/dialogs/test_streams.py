"""Nobody answers by accident, and no question twice: random hands and a random engine."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from textual import events

from codex_tui.dialogs.gate import ANSWER_HELD
from codex_tui.dialogs.screen import QuestionScreen
from codex_tui.session.inbox import Inbox, Question, QuestionKey
from codex_tui.session.state import State
from codex_tui.session.transcript import Item
from tests.ui.dialogs.stage import (
    RULE,
    Stage,
    change,
    exec_question,
    patch_item,
    patch_question,
    state,
)
from tests.ui.dialogs.test_tray import agent_question, with_agent

HUNK = "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
ALL: dict[str, Any] = {"availableDecisions": ["accept", "acceptForSession", RULE, "cancel"]}
KEYS = [
    *(
        "y",
        "s",
        "p",
        "t",
        "e",
        "d",
        "u",
        "a",
        "b",
        "enter",
        "escape",
        "space",
        "f6",
        "f1",
        "tab",
        "shift+tab",
    ),
    *("left", "right", "up", "down", "end", "pagedown", "left_square_bracket", "right_square_bracket"),
    *("ctrl+n", "ctrl+p", "backspace", "x", ""),  # the empty one is a click beside every answer
]
PASTES = ["y\n", "\r", "ysdp\x1b", "enter", "y" * 50]
STREAMS = 10_000
PARTS = 40  # so that each part stays far below the limit of a test's time
USUAL = 100  # streams in each run of the tests


def some_questions(rng: random.Random, generation: int) -> State:
    """One to four questions: commands, patches, the same one twice, of sub-agents too."""
    made: list[Question] = []
    items: list[Item] = []
    for number in range(rng.randint(1, 4)):
        match rng.randrange(4):
            case 0:
                made.append(exec_question(f"/bin/bash -lc 'make {number}'", number, **ALL))
            case 1:
                made.append(agent_question(number, **ALL))
            case 2:
                made.append(exec_question(number=number, **ALL))
            case _:
                made.append(patch_question(number))
                items.append(patch_item(change(f"/home/ada/proj/{number}.py", HUNK), number=number))
    made = [replace(question, generation=generation) for question in made]
    return with_agent(state(*made, items=items))


def changed(rng: random.Random, now: State) -> State:
    """What an engine may do meanwhile: settle some questions, or all; say another change of a file."""
    kept = tuple(question for question in now.inbox.questions if rng.random() < 0.7)
    if rng.random() < 0.5:
        return replace(now, inbox=Inbox(kept or now.inbox.questions))
    items = [patch_item(change(f"/etc/{number}", HUNK), number=number) for number in range(rng.randint(0, 4))]
    return with_agent(state(*now.inbox.questions, items=items))


def paint(dialog: QuestionScreen) -> None:
    """What is shown comes on screen, and the message that it did arrives."""
    dialog._panel.render_line(0)  # pyright: ignore[reportPrivateUsage]
    dialog._start_guard()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("part", "streams"),
    [
        (PARTS, USUAL),
        *(pytest.param(part, STREAMS // PARTS, marks=pytest.mark.heavy) for part in range(PARTS)),
    ],
)
async def test_random_hands_over_an_opening_dialog_answer_nothing(part: int, streams: int) -> None:
    """Typing, held keys, clicks and pastes at 5 to 30 a second, while questions come, change and go.

    Every tenth dialog is left alone until its keys are live; then a paste without brackets comes, key
    by key.
    """
    rng = random.Random(part)
    app = Stage(some_questions(rng, 0), held_for=ANSWER_HELD)
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        dialog = app.dialog
        for generation in range(1, streams + 1):
            now = some_questions(rng, generation)
            dialog.sync(now)
            held = rng.choice([None, None, rng.choice(KEYS)])
            painted = rng.randint(0, 3)  # keys that come before the dialog is on screen
            for at in range(rng.randint(6, 12)):
                app.clock.now += rng.uniform(1 / 30, 1 / 5)
                dialog.release()
                if at == painted:
                    paint(dialog)
                if rng.random() < 0.05:
                    dialog.sync(now := changed(rng, now))
                    paint(dialog)
                if rng.random() < 0.05:
                    dialog.on_paste(events.Paste(rng.choice(PASTES)))
                else:
                    key = held or rng.choice(KEYS)
                    dialog.press(key, key if len(key) == 1 else None)
            if rng.random() < 0.1:
                dialog.release()
                if dialog._lists_keys:  # pyright: ignore[reportPrivateUsage]
                    dialog.press("f1")
                paint(dialog)
                app.clock.now += 3
                assert dialog.gate.alive()
                for key in rng.choices(KEYS, k=rng.randint(2, 20)):
                    dialog.press(key, key if len(key) == 1 else None)
                    app.clock.now += rng.uniform(0, 0.005)
            app.clock.now += 3
            dialog.release()
            assert app.notes.wanted == []


class Witness:
    """Stands beside the engine: what was asked, what is settled, what was on screen when it was answered."""

    def __init__(self, now: State) -> None:
        self.now = now
        self.answers: Counter[QuestionKey] = Counter()

    def check(self, app: Stage, before: int, fresh: bool) -> None:
        """Look at the answers given since; `fresh` when what was shown had only just changed."""
        for kind, key, *rest in app.notes.wanted[before:]:
            if kind != "answer":
                continue
            self.answers[key] += 1
            assert self.answers[key] == 1
            question = self.now.inbox.find(key)
            assert question is not None
            decision = rest[0]["decision"]
            if decision in ("decline", "cancel"):
                continue
            assert not fresh
            if question.item_id is not None and question.method.endswith("fileChange/requestApproval"):
                items = self.now.threads["t"].turns[0].items
                assert items.find(question.item_id) is not None
                assert decision in ("accept", "acceptForSession")
            else:
                name = decision if isinstance(decision, str) else next(iter(decision))
                offered = [
                    offer if isinstance(offer, str) else next(iter(offer))
                    for offer in question.raw["availableDecisions"]
                ]
                assert name in offered


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.heavy) for seed in range(1, 6))])
async def test_no_question_is_answered_twice_late_unoffered_or_unseen(seed: int) -> None:
    """Slow hands that mean it, and an engine that settles, repeats, interrupts and changes what it asked."""
    rng = random.Random(100 + seed)
    witness = Witness(some_questions(rng, 0))
    app = Stage(witness.now, asked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = app.dialog
        for generation in range(1, 13):
            witness.now = some_questions(rng, generation)
            dialog.sync(witness.now)
            for _ in range(6):
                fresh = rng.random() < 0.3
                await app.live(pilot)
                if fresh:
                    witness.now = changed(rng, witness.now)
                    shown = dialog._question  # pyright: ignore[reportPrivateUsage]
                    basis = [page.sheet.basis for page in dialog._steps[:1]]  # pyright: ignore[reportPrivateUsage]
                    dialog.sync(witness.now)
                    # A page made anew, as when a twin of its question comes, shows what was shown before.
                    now = [page.sheet.basis for page in dialog._steps[:1]]  # pyright: ignore[reportPrivateUsage]
                    fresh = shown != dialog._question or basis != now  # pyright: ignore[reportPrivateUsage]
                before = len(app.notes.wanted)
                # The answers weigh more than the rest, so that many are given.
                key = rng.choice(["y", "y", "d", "s", "p", "e", "enter"] if rng.random() < 0.7 else KEYS)
                dialog.press(key, key if len(key) == 1 else None)
                witness.check(app, before, fresh)
    assert sum(witness.answers.values()) > 3  # of 72 keys, many into questions that went away
