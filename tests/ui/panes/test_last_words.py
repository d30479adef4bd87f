"""Until a saved thread is there, the chat shows its last words."""

from __future__ import annotations

from codex_tui.glimpse import Words
from codex_tui.text import own
from tests.ui.panes.conversations import said, thread, turn
from tests.ui.panes.stage import plain, screen_rows


async def test_last_words_stand_there_until_the_thread_comes_and_not_again() -> None:
    stage = plain()
    words: list[Words] = []
    stage.chat._last_words = lambda: words  # pyright: ignore[reportPrivateUsage]
    async with stage.run_test(size=(60, 12)) as pilot:
        assert "Say what you want done" in screen_rows(stage, stage.chat)[1]
        words += [Words(own("  ❯ why?"), "strong"), Words(own("")), Words(own("    so"))]
        stage.chat.look_again()
        await pilot.pause()
        assert screen_rows(stage, stage.chat)[:4] == ["  ❯ why?", "", "    so", ""]
        stage.chat.show(None)  # the engine is there, the thread is not yet
        assert screen_rows(stage, stage.chat)[0] == "  ❯ why?"
        stage.chat.show(thread(turn("t1", said("a", "really"))))
        await pilot.pause()
        assert "really" in screen_rows(stage, stage.chat)[0]
        stage.chat.show(thread())
        assert "Say what you want done" in screen_rows(stage, stage.chat)[1]
