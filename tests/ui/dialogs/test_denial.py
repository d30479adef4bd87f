"""What the automatic reviewer denied: shown whole, approved behind the guard, else left as it is."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from codex_tui.dialogs.denial import denial_sheet
from codex_tui.dialogs.frame import make_frame
from codex_tui.dialogs.setting import Setting
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.look import Look
from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.denials import denial_event
from codex_tui.protocol.items import parse_item
from codex_tui.session.denials import denial_of, key_of, with_denials
from codex_tui.session.state import State
from codex_tui.session.transcript import Item
from tests.protocol.denied import ACTIONS, denied
from tests.ui.dialogs.stage import HOME, PROJECT, Stage, change, exec_question, patch_item, place, state
from tests.ui.snapshot import Snap

SETTING = Setting(workspace=PROJECT, home=HOME, look_up=place)
COMMAND: JsonObject = {**ACTIONS["command"], "cwd": PROJECT}
TOOL = Item(
    "call",
    "turn",
    parse_item(
        {"type": "mcpToolCall", "id": "call", "server": "billing", "tool": "refund", "arguments": {"id": 7}}
    ),
)
PATCH = replace(patch_item(change(f"{PROJECT}/calc.py", "@@ -1 +1 @@\n-a\n+b\n")), id="call")


def words(sheet: Sheet) -> str:
    look = Look(width=96)
    rows = sheet.body(look)
    facts = [f"{fact.label}: {row}" for fact in sheet.facts for row in fact.rows]
    body = ["".join(segment.text for segment in rows.paint(at)) for at in range(len(rows))]
    return "\n".join([sheet.title, *facts, *body])


@pytest.mark.parametrize(
    ("kind", "item", "shown"),
    [
        ("command", None, ["/bin/bash -c", "rm -rf ../old-builds"]),
        ("execve", None, ["Program: /bin/rm", '"a b"']),
        ("writeStdin", None, ["a terminal whose command is not known", "yes"]),
        ("applyPatch", PATCH, ["calc.py", "+ b"]),
        ("networkAccess", None, ["socks5Tcp example.org 8443", "https://example.org:8443"]),
        ("mcpToolCall", TOOL, ["MCP server: billing", "Tool: refund", '"id": 7']),
        ("requestPermissions", None, ["The agent says: To publish.", '"enabled": true', "/srv"]),
    ],
)
def test_all_of_the_action_is_shown_with_the_reviewers_words(
    kind: str, item: Item | None, shown: list[str]
) -> None:
    sheet = denial_sheet(denied(ACTIONS[kind]), item, SETTING)
    text = words(sheet)
    for part in [*shown, "Auto-review: denied, risk high, your authorization low", "It says: Not asked for."]:
        assert part in text
    assert [choice.key for choice in sheet.choices] == ["y", "escape"]
    assert sheet.choices[0].grants
    assert sheet.choices[0].result == denial_event(denied(ACTIONS[kind]))


@pytest.mark.parametrize("action", [ACTIONS["applyPatch"], {"type": "hologram", "beam": "wide"}])
def test_what_is_not_known_whole_can_not_be_approved(action: JsonObject) -> None:
    sheet = denial_sheet(denied(action), None, SETTING)
    assert [choice.key for choice in sheet.choices] == ["escape"]
    assert "can't be approved" in words(sheet)


def test_a_command_that_reads_otherwise_than_it_runs_takes_a_second_look() -> None:
    sheet = denial_sheet(denied({**COMMAND, "command": "ls \u202egpj.exe"}), None, SETTING)
    yes = sheet.choices[0]
    assert yes.result is None and yes.leads is not None
    assert "<U+202E>" in words(sheet)


# On the screen


def looked_at(*reviews: Any, items: tuple[Item, ...] = (), asks: int = 0) -> tuple[State, Any]:
    now = state(*(exec_question(number=number) for number in range(asks)), items=items)
    thread = replace(now.threads["t"], denials=tuple(reviews))
    now = replace(now, threads=MappingProxyType({"t": thread}))
    newest = denial_of(now)
    assert newest is not None
    return with_denials(now, lambda key: 990.0), key_of(now, newest)


async def test_it_is_sent_once_and_only_when_the_guard_is_open() -> None:
    review = denied(COMMAND)
    now, key = looked_at(review)
    stage = Stage(now, asked=key)
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert stage.notes.wanted == []
        await stage.live(pilot)
        await stage.live(pilot)
        assert "Approve this denied action once?" in stage.text
        await pilot.press("y")
        await pilot.pause()
        assert stage.notes.wanted == [("approve", "t", denial_event(review))]
        assert stage.results == [None]


async def test_escape_leaves_it_denied() -> None:
    now, key = looked_at(denied(COMMAND))
    stage = Stage(now, asked=key)
    async with stage.run_test(size=(80, 24)) as pilot:
        await stage.live(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.notes.wanted == []
        assert stage.results == [key]


async def test_all_rows_must_have_been_on_screen() -> None:
    long = denied({**COMMAND, "command": "\n".join(f"echo {number}" for number in range(200))})
    now, key = looked_at(long)
    stage = Stage(now, asked=key)
    async with stage.run_test(size=(80, 24)) as pilot:
        await stage.live(pilot)
        await stage.live(pilot)
        await pilot.press("y")
        await pilot.pause()
        assert stage.notes.wanted == []
        assert "not seen yet" in stage.text


async def test_a_patch_that_changes_meanwhile_is_shown_anew() -> None:
    review = denied(ACTIONS["applyPatch"])
    item = replace(PATCH, turn_id="turn")
    now, key = looked_at(review)

    def with_item(one: Item) -> State:
        from codex_tui.session.series import Series
        from codex_tui.session.transcript import Turn

        thread = replace(now.threads["t"], turns=Series([Turn("turn", items=Series([one]))]))
        return replace(now, threads=MappingProxyType({"t": thread}))

    stage = Stage(with_item(item), asked=key)
    async with stage.run_test(size=(80, 24)) as pilot:
        await stage.live(pilot)
        await stage.live(pilot)
        other = replace(
            patch_item(change(f"{PROJECT}/calc.py", "@@ -1 +1 @@\n-a\n+evil\n")), id="call", turn_id="turn"
        )
        stage.dialog.sync(with_item(other))
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert stage.notes.wanted == []
        assert "evil" in stage.text


async def test_denials_never_come_up_by_themselves_after_a_question() -> None:
    now, _ = looked_at(denied(COMMAND), asks=1)
    stage = Stage(now)
    async with stage.run_test(size=(80, 24)) as pilot:
        await stage.live(pilot)
        await stage.live(pilot)
        assert "Run this command?" in stage.text
        inbox = replace(now.inbox, questions=now.inbox.questions[1:])
        stage.dialog.sync(replace(now, inbox=inbox))
        await pilot.pause()
        assert stage.results == [None]


async def test_it_looks_right(snap: Snap) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        app = cast(Stage, pilot.app)
        await app.live(pilot)
        await app.live(pilot)

    def make() -> Stage:
        now, key = looked_at(denied(COMMAND))
        return Stage(now, asked=key)

    await snap(make, "dialogs/denied", before=prepare, sizes=[(40, 10), (80, 24), (120, 40)])


def test_a_frame_fits_the_smallest_terminal() -> None:
    frame = make_frame(denial_sheet(denied(COMMAND), None, SETTING), Look(width=40), 40, 10)
    assert frame.height <= 10
