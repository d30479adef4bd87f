"""Questions of a message in the whole app: announced, never in the way, answered by a prompt."""

from __future__ import annotations

from codex_tui.protocol.base import JsonObject
from codex_tui.protocol.events import Event, Notified
from tests.ui.app.stage import Stage
from tests.ui.dialogs.stage import screen_text


def _asked(event: Event) -> bool:
    if not isinstance(event, Notified) or event.method != "item/completed":
        return False
    item: JsonObject = event.params.model_dump(by_alias=True)["item"]
    return item["type"] == "agentMessage"


def up_to_the_questions(stage: Stage) -> list[Event]:
    told: list[Event] = []
    for event in stage.recorded("question-aside"):
        told.append(event)
        if _asked(event):
            break
    return told


async def test_they_are_announced_and_never_open_by_themselves() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await stage.show(up_to_the_questions(stage))
        await stage.pass_time(pilot, 5)
        text = screen_text(stage.app)
        assert stage.app.screen is stage.app.main
        assert "asks you, and goes on meanwhile" in text
        assert "1 question waits — F5 opens it: the agent asks Which division do you mean?" in text


async def test_a_key_opens_them_and_the_answer_goes_out_as_a_prompt() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await stage.show(up_to_the_questions(stage))
        await pilot.press("f5")
        await stage.pass_time(pilot, 1)
        assert "The agent asks, 1 of 2" in screen_text(stage.app)
        await pilot.press("1", "tab")
        await stage.pass_time(pilot, 1)
        await pilot.press("enter")
        await stage.pass_time(pilot, 1)
        await stage.pass_time(pilot, 1)
        assert "as a prompt, to the running turn or as a new one" in screen_text(stage.app)
        await pilot.press("enter")
        await stage.pass_time(pilot, 1)
        assert stage.notes.wanted == [("send", "> Which division do you mean?\n\nTrue", ())]


async def test_escape_puts_them_off_and_stops_nothing() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await stage.show(up_to_the_questions(stage))
        await pilot.press("f5")
        await stage.pass_time(pilot, 1)
        await pilot.press("escape")
        await stage.pass_time(pilot, 1)
        assert stage.app.screen is stage.app.main
        assert stage.notes.wanted == []
        assert "F5 opens it" in screen_text(stage.app)


async def test_they_are_gone_once_the_person_has_said_something() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await stage.play("question-aside")
        await pilot.pause()
        assert "F5 opens it" not in screen_text(stage.app)
