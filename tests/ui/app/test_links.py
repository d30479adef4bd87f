"""Where an item leads: shown first, opened after that."""

from __future__ import annotations

from pathlib import Path

from codex_tui.screens.links import SHOWN, Lines, LinkScreen
from codex_tui.session.references import Reference
from tests.ui.app.stage import Stage
from tests.ui.snapshot import Snap

PAGE = "https://xn--exmple-cua.org/a/long/path?with=a&few=words"
FILE = Reference("file", "/home/dev/calc/calc.py", 12)


def shown(screen: LinkScreen) -> str:
    lines = screen.query_one(Lines)
    return "\n".join(lines.render_line(y).text.rstrip() for y in range(lines.size.height))


async def test_a_page_opens_when_its_whole_address_was_on_screen_a_while() -> None:
    stage, opened = Stage(), list[str]()

    def open_page(url: str) -> str:
        opened.append(url)
        return "opened"

    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.play("tour")
        screen = LinkScreen([Reference("url", PAGE), FILE], clock=stage.clock, open_page=open_page)
        await stage.app.push_screen(screen)
        await pilot.pause()
        assert PAGE in shown(screen)
        assert "exämple.org" in shown(screen)
        await pilot.press("enter")  # typed ahead
        assert opened == []
        stage.clock.now += SHOWN
        await pilot.press("down", "up", "enter")  # it was away, and is there again for no time
        assert opened == []
        stage.clock.now += SHOWN
        await pilot.press("enter")
        await pilot.pause()
        assert opened == [PAGE]
        assert stage.app.screen is stage.app.main


async def test_what_is_too_long_to_show_or_no_page_is_not_opened() -> None:
    stage, opened = Stage(), list[str]()
    links = [Reference("url", f"https://example.org/{'x' * 900}"), Reference("url", "http://example.org/")]
    async with stage.app.run_test(size=(40, 10)) as pilot:
        await stage.play("tour")
        screen = LinkScreen(links, clock=stage.clock, open_page=lambda url: opened.append(url) or "opened")
        await stage.app.push_screen(screen)
        await pilot.pause()
        for key in ("enter", "down", "enter"):
            stage.clock.now += SHOWN
            await pilot.press(key)
        assert opened == []
        assert stage.app.screen is screen


async def test_a_file_opens_in_the_editor_at_its_line_and_its_path_is_copied(tmp_path: Path) -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.play("tour")
        calls: list[object] = []
        stage.app.open_editor = lambda path, line=None: calls.append((path, line))
        stage.app.copy = lambda text, what="": calls.append((text, what))
        for key in ("enter", "c"):
            await stage.app.push_screen(LinkScreen([Reference("url", PAGE), FILE], clock=stage.clock))
            await pilot.press("down", key)
            await pilot.pause()
        assert calls == [(FILE.target, 12), (FILE.target, "the path")]


async def test_links_look_right(snap: Snap) -> None:
    stage = Stage()
    links = [Reference("url", PAGE), FILE, Reference("url", "https://[not/an/address")]

    async def show(pilot: object) -> None:
        await stage.play("tour")
        await stage.app.push_screen(LinkScreen(links, root="/home/dev/calc", clock=stage.clock))

    await snap(stage.app, "chat/links", sizes=[(80, 24), (40, 10)], before=show)
