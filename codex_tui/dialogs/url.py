"""A page that an MCP server wants opened: where it really leads, and what speaks against it.

Nothing is fetched. Opening and copying happen through what the setting brings along, and only for
their own keys; `f` alone answers with yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.exec import asked_by
from codex_tui.dialogs.form.form import asker_of, cancel_choice, decline_choice
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.step import Page, Step
from codex_tui.opener import MAX_URL, is_openable
from codex_tui.paint.lines import chop
from codex_tui.paint.question import Fact, NumberedText, Painted, Rows, exact, measure
from codex_tui.protocol.elicitation import accept_elicitation
from codex_tui.text import SafeText, block, join, line, number, own
from codex_tui.text.hosts import Target, read_url, registrable, scripts, spelled

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.paint.look import Look
    from codex_tui.protocol.elicitation import ElicitationRequest

_PROBLEMS = {
    "scheme": own("it is no web page: only https (and http on this machine) can be opened"),
    "host": own("a browser would not accept its host"),
    "port": own("a browser would not accept its port"),
}
_OUTCOMES = {
    "opened": own("handed to the browser; answer here when you have finished there"),
    "refused": own("not opened: too many pages were, or the URL is not one to open"),
    "missing": own("not opened: no browser was found (xdg-open, open or $BROWSER)"),
    "failed": own("not opened: the browser could not be started"),
}


def url_page(request: ElicitationRequest, setting: Setting, note: SafeText | None = None) -> Step:
    """The page of a URL elicitation; `note` says what came of the last key."""
    url = request.url or ""
    target = read_url(url)
    refusals = refused(url, target)
    return Page(
        Sheet(
            title=join(own('MCP server "'), line(request.server_name), own('" wants you to open a page')),
            facts=(
                *asked_by(setting),
                Fact(own("Asked by"), (asker_of(request.server_name),)),
                Fact(own("It says"), tuple(block(request.message.strip() or "no message was given"))),
                *url_facts(url, target),
                *([Fact(own("Now"), (note,), "code")] if note else []),
            ),
            body=lambda look: url_rows(url, target, look),
            measure=measure(url),
            choices=(
                *([] if refusals else _opening(request, setting, url)),
                *_copying(request, setting, url, target),
                *([] if refusals else [_finished()]),
                decline_choice(),
                cancel_choice(),
            ),
        )
    )


def url_facts(url: str, target: Target | str) -> tuple[Fact, ...]:
    """Where `url` leads, why it is not opened here, and what to look at before going there."""
    return (
        *(_where(target) if isinstance(target, Target) else []),
        *_careful(refused(url, target), own("Not opened")),
        *_careful((*warnings(target), *_respelled(url, target)), own("Careful")),
    )


def refused(url: str, target: Target | str) -> tuple[SafeText, ...]:
    """Why `url` can't be opened here; empty when it can."""
    if not isinstance(target, Target):
        return (_PROBLEMS[target],)
    found: list[SafeText] = []
    if len(url) > MAX_URL:
        found.append(join(own("it is longer than "), number(MAX_URL), own(" characters")))
    if target.has_userinfo:
        found.append(own("it holds a user name before the host, as in user@host"))
    if target.scheme == "http" and not target.is_loopback:
        found.append(own("it is not encrypted: http is opened on this machine only"))
    if not found and not (is_openable(url) and target.span is not None):
        found.append(own("it is not written as a URL is: a browser would rewrite it"))
    return tuple(found)


def warnings(target: Target | str) -> tuple[SafeText, ...]:
    """What to look at before going there."""
    if not isinstance(target, Target):
        return ()
    found: list[SafeText] = []
    name = spelled(target.host)
    if name != target.host:
        kinds = sorted(scripts(name))
        found.append(
            join(own("the host is written with letters outside ASCII: "), line(name), own(" ("),
                 line(", ".join(kind.capitalize() for kind in kinds)), own(")"))
        )  # fmt: skip
        if len(kinds) > 1:
            found.append(own("it mixes scripts: letters may look like others"))
    if target.is_loopback:
        found.append(own("it leads to this machine itself"))
    elif target.is_address:
        found.append(own("the host is an address, not a name"))
    if target.port is not None:
        found.append(join(own("an unusual port: "), SafeText(str(target.port))))
    if target.has_userinfo:
        found.append(own("what stands before the @ is not where it leads"))
    if target.scheme != "https":
        found.append(own("http: others on the way can read and change it"))
    return tuple(found)


def _respelled(url: str, target: Target | str) -> tuple[SafeText, ...]:
    """Whether a plain host is written in other characters, which browsers take for the plain ones."""
    if not isinstance(target, Target) or target.host in url.lower() or spelled(target.host) != target.host:
        return ()
    return (own("the URL writes the host in other characters than it is shown here"),)


def _careful(texts: tuple[SafeText, ...], label: SafeText) -> list[Fact]:
    return [Fact(label if index == 0 else own(""), (text,), "warn") for index, text in enumerate(texts)]


def _where(target: Target) -> list[Fact]:
    port = f":{target.port}" if target.port is not None else ""
    owner = registrable(target.host)
    facts = [Fact(own("You will be at"), (SafeText(f"{line(target.host)}{port}"),), "code")]
    if owner != target.host.rstrip("."):
        facts.append(Fact(own("a page of"), (line(owner),), "warn"))
    return [*facts, Fact(own("over"), (line(target.scheme),), "text" if target.scheme == "https" else "warn")]


def url_rows(url: str, target: Target | str, look: Look) -> Rows:
    """The whole URL, nothing cut; its host stands out where it is what a browser takes for it."""
    palette = look.palette
    span = target.span if isinstance(target, Target) else None
    if span is None or len(url) > MAX_URL or line(url) != url:
        return NumberedText(url, look)
    start, end = span
    inner = end - len(registrable(url[start:end].rstrip(".")))
    parts = [
        (line(url[:start]), palette.code),
        (line(url[start:inner]), palette.strong),
        (line(url[inner:end]), palette.accent),
        (line(url[end:]), palette.code),
    ]
    rows = chop([part for part in parts if part[0]], max(8, look.width - 4))
    return Painted(
        [exact([(join(own("  "), look.marks.chosen, own(" ")), palette.rule), *row]) for row in rows]
    )


def _opening(request: ElicitationRequest, setting: Setting, url: str) -> list[Choice]:
    open_page = setting.open_page
    if open_page is None:
        return []

    def lead() -> Step:
        return url_page(request, setting, _OUTCOMES.get(open_page(url), own("not opened")))

    return [
        Choice(
            "o",
            own("Open it in the browser"),
            own("open"),
            own("the server gets no answer yet"),
            None,
            "",
            grants=True,
            leads=lead,
        )
    ]


def _copying(request: ElicitationRequest, setting: Setting, url: str, target: Target | str) -> list[Choice]:
    copy, safe = setting.copy, line(url)
    # What is pasted elsewhere has to be what was shown here, character for character.
    if (
        copy is None
        or not isinstance(target, Target)
        or safe != url
        or not url.isascii()
        or len(url) > MAX_URL
    ):
        return []

    def lead() -> Step:
        copy(safe)
        return url_page(request, setting, own("sent to the terminal's clipboard"))

    return [Choice("c", own("Copy it"), own("copy"), own(""), None, "", leads=lead)]


def _finished() -> Choice:
    return Choice(
        "f",
        own("I have finished there"),
        own("finished"),
        own("the server is told that you agreed"),
        accept_elicitation(),
        "accept",
        grants=True,
    )
