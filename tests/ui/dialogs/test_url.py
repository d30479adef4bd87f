"""Pages that MCP servers want opened: what is shown, what opens, and what never does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from codex_tui.dialogs.setting import Setting
from codex_tui.dialogs.step import Step
from codex_tui.opener import is_openable, opener_command
from codex_tui.text import SafeText
from tests.ui.dialogs.mcp import choice_of, first, press, sent_by, text_of, url
from tests.ui.dialogs.stage import Stage, state


@dataclass
class Outside:
    """A browser and a clipboard that write down what they get."""

    opened: list[str] = field(default_factory=list[str])
    copied: list[str] = field(default_factory=list[str])
    outcome: str = "opened"

    def open_page(self, page: str) -> str:
        self.opened.append(page)
        return self.outcome

    def copy(self, text: SafeText) -> None:
        self.copied.append(text)

    @property
    def setting(self) -> Setting:
        return Setting(open_page=self.open_page, copy=self.copy)


SIGN_IN = "https://login.example.com/authorize?client=1&state=a%20b"


def page(text: Any) -> tuple[Step, Outside]:
    outside = Outside()
    return first(url(text), outside.setting), outside


def fact(step: Step, label: str) -> str:
    """The rows of the facts with that label."""
    return "\n".join("\n".join(fact.rows) for fact in step.sheet.facts if fact.label == label)


def test_a_page_shows_its_whole_url_its_host_and_who_asks() -> None:
    step, outside = page(SIGN_IN)
    text = text_of(step)
    assert SIGN_IN in text
    assert fact(step, "You will be at") == "login.example.com"
    assert fact(step, "a page of") == "example.com"
    assert fact(step, "over") == "https"
    assert '"billing", an MCP server you configured; not Codex' in text
    assert (outside.opened, outside.copied) == ([], [])


def test_finished_declined_and_cancelled_are_three_answers() -> None:
    step, outside = page(SIGN_IN)
    assert sent_by(step, "f") == {"action": "accept"}
    assert sent_by(step, "d") == {"action": "decline"}
    assert sent_by(step, "escape") == {"action": "cancel"}
    assert outside.opened == []


def test_opening_hands_over_the_url_once_and_answers_nothing() -> None:
    step, outside = page(SIGN_IN)
    assert sent_by(step, "o") is None
    step = press(step, "o")
    assert outside.opened == [SIGN_IN]
    assert "handed to the browser" in fact(step, "Now")
    assert sent_by(step, "f") == {"action": "accept"}
    assert sent_by(step, "escape") == {"action": "cancel"}


@pytest.mark.parametrize("outcome", ["refused", "missing", "failed", "odd"])
def test_a_page_that_did_not_open_says_so(outcome: str) -> None:
    step, outside = page(SIGN_IN)
    outside.outcome = outcome
    assert fact(press(step, "o"), "Now").startswith("not opened")


def test_copying_takes_the_url_as_shown() -> None:
    step, outside = page(SIGN_IN)
    assert "clipboard" in fact(press(step, "c"), "Now")
    assert (outside.copied, outside.opened) == ([SIGN_IN], [])


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,<script>1</script>",
        "file://evil.example/share",
        "vscode://file/etc/passwd",
        "ssh://-oProxyCommand=calc/x",
        "blob:https://github.com/uuid",
        "-https://evil.example",
        "--help",
        "https://example.com/a b --flag",
        "https://example.com/\nhttps://evil.example",
        " https://example.com/",
        "https://github.com@evil.example/",
        r"https://github.com\@evil.example/",
        r"https://evil.example\.github.com/",
        "https://g\u043e\u043egle.com/",
        "https://\uff47ithub.com/",
        "https://github\u3002com/",
        "https://git\u200bhub.com/",
        "https://example.com/\u202e",
        "https://ex%61mple.com/",
        "https://example.com/`id`",
        'https://example.com/"x',
        "https://h:99999/",
        "https:example.com",
        "http://example.com/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://10.0.0.1/",
        "https://evil.example/" + "a" * 8200,
    ],
)
def test_what_is_no_plain_web_page_can_be_neither_opened_nor_agreed_to(text: Any) -> None:
    step, outside = page(text)
    assert choice_of(step, "o") is None
    assert choice_of(step, "f") is None
    assert sent_by(step, "d") == {"action": "decline"}
    assert sent_by(step, "escape") == {"action": "cancel"}
    assert fact(step, "Not opened") != ""
    press(step, "o", "f", "enter", "y")
    assert outside.opened == []


@pytest.mark.parametrize(
    ("text", "host", "warning"),
    [
        ("https://github.com@evil.example/", "evil.example", "what stands before the @"),
        ("https://g\u043e\u043egle.com/", "xn--ggle-55da.com", "mixes scripts"),
        ("https://xn--ggle-55da.com/", "xn--ggle-55da.com", "(Cyrillic, Latin)"),
        ("https://\uff47ithub.com/", "github.com", ""),
        ("http://0x7f.1/", "127.0.0.1", "this machine itself"),
        ("http://127.0.0.1:6006/?cmd=x", "127.0.0.1:6006", "this machine itself"),
        ("https://8.8.8.8/", "8.8.8.8", "an address, not a name"),
        ("https://github.com:8443/", "github.com:8443", "unusual port: 8443"),
        ("https://evil.example/#https://github.com/login", "evil.example", ""),
    ],
)
def test_the_host_shown_is_the_one_contacted_with_its_warnings(text: str, host: str, warning: str) -> None:
    step, _ = page(text)
    assert fact(step, "You will be at") == host
    assert warning in "\n".join("\n".join(fact.rows) for fact in step.sheet.facts if fact.role == "warn")


@pytest.mark.parametrize("text", ["http://127.0.0.1:6006/?cmd=x", "http://[::1]/", "http://localhost:1/"])
def test_http_is_opened_on_this_machine_only(text: str) -> None:
    step, outside = page(text)
    press(step, "o")
    assert outside.opened == [text]


def test_the_owner_of_a_long_host_is_in_sight_at_every_width() -> None:
    host = "accounts.google.com." * 10 + "evil.example"
    step, _ = page(f"https://{host}/")
    assert fact(step, "a page of") == "evil.example"
    for width in (36, 76, 116):
        assert "evil.example" in text_of(step, width)


def test_a_url_that_is_no_text_is_shown_raw_and_declined() -> None:
    from codex_tui.protocol.elicitation import ElicitationRequest

    with pytest.raises(ValueError, match="url"):
        ElicitationRequest.model_validate(
            {"threadId": "t", "serverName": "x", "mode": "url", "url": 5, "message": ""}
        )


def test_the_browser_gets_the_url_as_one_argument_behind_one_program() -> None:
    def found(name: str) -> str | None:
        return f"/usr/bin/{name}"

    assert opener_command(SIGN_IN, {}, "linux", found) == ["/usr/bin/xdg-open", SIGN_IN]
    assert opener_command(SIGN_IN, {}, "darwin", found) == ["/usr/bin/open", SIGN_IN]
    assert opener_command(SIGN_IN, {"BROWSER": "lynx"}, "linux", found) == ["/usr/bin/lynx", SIGN_IN]
    for odd in ("sh -c 'x %s'", "a:b", "-e", "x;y", ""):
        assert opener_command(SIGN_IN, {"BROWSER": odd}, "linux", found) == ["/usr/bin/xdg-open", SIGN_IN]
    assert opener_command(SIGN_IN, {}, "linux", lambda name: None) is None


def test_only_the_characters_of_a_url_are_opened() -> None:
    assert is_openable(SIGN_IN)
    for bad in (
        "https://a/\n",
        "https://a/`",
        "https://a/|",
        "https://a/ ",
        "ftp://a",
        "-x",
        "https://a/\xe9",
    ):
        assert not is_openable(bad)


async def test_the_dialog_opens_copies_and_answers() -> None:
    outside = Outside()
    app = Stage(state(url(SIGN_IN)), open_page=outside.open_page)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("o", "f", "enter")
        assert outside.opened == []
        await app.live(pilot)
        await pilot.press("o")
        await app.live(pilot)
        assert outside.opened == [SIGN_IN]
        assert "handed to the browser" in app.text
        await pilot.press("c")
        await app.live(pilot)
        assert app.clipboard == SIGN_IN
        assert app.answers == []
        await pilot.press("f")
        assert app.answers == [({"action": "accept"}, "accept")]


async def test_ctrl_c_after_opening_cancels() -> None:
    outside = Outside()
    app = Stage(state(url(SIGN_IN)), open_page=outside.open_page)
    async with app.run_test(size=(100, 30)) as pilot:
        await app.live(pilot)
        await pilot.press("o")
        await app.live(pilot)
        app.dialog.action_stop()
        assert app.answers == [({"action": "cancel"}, "cancel")]
