"""Nothing moves under the eyes of somebody who reads, whatever goes on above and below."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.paint.look import Fold, Look
from codex_tui.panes.chat import painters
from codex_tui.panes.chat.layout import Layout
from codex_tui.panes.chat.window import Row, Window
from codex_tui.protocol.items import AgentMessage, CommandExecution
from codex_tui.session.state import Change, Touch
from codex_tui.session.transcript import Item, Thread
from tests.ui.panes.conversations import asked, ran, said, thread, turn

NEWS = ["\n\nA paragraph.", " more", "\n\n```py\nx = 1", "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "\n- item"]
Told = tuple[str, int, int, str]


def a_thread() -> Thread:
    """Two turns of messages and commands, all of which may still grow."""
    return thread(
        *(
            turn(
                f"t{t}",
                asked(f"u{t}", "please"),
                *(said(f"a{t}-{at}", f"Paragraph {at} of {t}.\n\n" * (at + 2)) for at in range(4)),
                *(ran(f"c{t}-{at}", f"make {at}", "out\n" * at) for at in range(4)),
                said(f"b{t}", "word " * 90),
            )
            for t in range(2)
        )
    )


def grown(shown: Thread, which: int, news: str) -> tuple[Thread, Change, Item]:
    """An item says or prints more."""
    places = [(t, at) for t, turn in enumerate(shown.turns) for at in range(1, len(turn.items))]
    t, at = places[which % len(places)]
    item = shown.turns[t].items[at]
    body = item.body
    if isinstance(body, AgentMessage):
        body = body.model_copy(update={"text": body.text + news})
    elif isinstance(body, CommandExecution):
        body = body.model_copy(update={"aggregated_output": (body.aggregated_output or "") + news})
    item = replace(item, body=body, revision=item.revision + 1)
    whole = replace(shown.turns[t], items=shown.turns[t].items.put(at, item))
    touch = Touch("item", shown.id, whole.id, item.id)
    return replace(shown, turns=shown.turns.put(t, whole)), frozenset({touch}), item


def told(rows: list[Row]) -> list[Told]:
    return [
        (row.slot.key[2], row.part, row.row, row.strip.text if row.strip is not None else "") for row in rows
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 60),
    st.sampled_from(["brief", "normal", "full"]),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(NEWS)), min_size=1, max_size=8),
)
def test_what_grows_elsewhere_moves_nothing(up: int, fold: Fold, news: list[tuple[int, str]]) -> None:
    shown = a_thread()
    window = Window(Layout(painters, Look(width=60, fold=fold)), 12)
    window.load(shown)
    window.frame()
    window.move(-up)
    window.frame()
    for which, text in news:
        following, before = window.following, told(window.frame())
        shown, change, item = grown(shown, which, text)
        window.take(shown, change)
        after = told(window.frame())
        if following:
            assert window.following
            continue
        mine = [at for at, row in enumerate(before) if row[0] == item.id]
        if not mine:
            assert after == before
        else:
            # It grows downwards from where it stands: what is above it stays, and so does its first row.
            assert after[: mine[0]] == before[: mine[0]]
            assert after[mine[0]][:3] == before[mine[0]][:3]


def test_a_reader_of_an_answer_that_grows_sees_it_grow_below() -> None:
    shown = a_thread()
    window = Window(Layout(painters, Look(width=60)), 12)
    window.load(shown)
    window.frame()
    window.move(-4)
    before = told(window.frame())
    for at in range(50):
        shown, change, _ = grown(shown, -1, f"\n\nParagraph {at} that nobody has asked for.")
        window.take(shown, change)
        assert told(window.frame()) == before
    assert window.new_below == 1
