"""What was seen of a case against what it expects. Pure.

An expectation is a text with tags in capitals and plain words after them. Bytes, survival and the
absence of markup effects are asked of every case, whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from tests.hostile.loader import Case, Flood, Nested
from tests.hostile.messages import Play
from tests.hostile.reading import squeeze
from tests.hostile.vt import is_hidden

ECHO_LIMIT = 2.0
"""Seconds from a key to its picture at the most, read by an emulator that is slower than the program:
a program that hangs is seen, how fast a free machine is the bench measures."""
OPEN_LIMIT = 5.0
"""Seconds from a request to its dialog at the most, for cases that ask to stay responsive."""
LONGEST = 20_000
"""Characters from which on a text is not looked for as a whole: it is longer than what is paged through."""

_ALWAYS = ("BYTES-CLEAN", "NO-CRASH", "NO-MARKUP")
_SPELLS = re.compile(r"\\x[0-9a-f]{2}|<U\+")
_STACKED = re.compile("[\u0300-\u036f]{5,}")


@dataclass
class Seen:
    """What one case did at one size."""

    columns: int
    violations: list[str] = field(default_factory=list[str])
    effects: list[str] = field(default_factory=list[str])
    crashed: str = ""
    dialog: bool = False
    first: str = ""  # the dialog's first screen, without blanks
    text: str = ""  # all of the dialog or of the chat, without blanks
    chat: str = ""  # the chat once the question was settled
    tail: str = ""  # the last screen of a dialog that is long
    log: str = ""  # the screen of notices and the engine's log
    closed_alone: bool = False  # the dialog closed without a key
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    doors: list[str] = field(default_factory=list[str])  # what the spy wrote
    opened_in: float = 0.0
    echo: list[float] = field(default_factory=list[float])
    alive_after: bool = True  # a valid message was handled afterwards
    pressed: str = ""  # the key that answered: accept, decline, escape, open or nothing
    skipped: int = 0  # lines the client counted as no messages


@dataclass(frozen=True, slots=True)
class Verdict:
    tag: str
    failure: str = ""


def visible(char: str) -> str:
    """How a hidden character has to be written."""
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"


def expected(text: str) -> str:
    """How a text has to be written: hidden characters visible, escapes that it spells itself too."""
    out: list[str] = []
    for index, char in enumerate(text):
        rest = text[index : index + 10]
        if char == "\\" and re.match(r"\\x[0-9a-f]{2}", rest):
            out.append("\\x5c")
        elif char == "<" and re.match(r"<U\+[0-9A-F]{4,6}>", rest):
            out.append("\\x3c")
        else:
            out.append(visible(char) if is_hidden(char) else char)
    return "".join(out)


def tokens(text: str) -> list[str]:
    """The words of a text as they must be on the screen; blanks between them may be drawn in any way."""
    return [expected(word) for word in re.split(r"[ \n\t\r]+", text) if word]


def is_shown(text: str, screen: str) -> bool:
    """Whether all words of `text` stand on `screen` (without blanks) in their order."""
    at = 0
    for token in tokens(text):
        at = screen.find(token, at)
        if at < 0:
            return False
        at += len(token)
    return True


def hidden_in(text: str, surface: str) -> set[str]:
    """The characters of a text that have to be drawn as escapes on that surface."""
    single = surface in {"path", "cwd", "url"}
    found = {char for char in set(text) if is_hidden(char)}
    if not single:
        found.discard("\n")
    if surface in {"agent_text", "reason", "command_output", "mcp_message", "diff", "schema"}:
        found.discard("\t")
    if surface == "command_output":
        # A terminal's own ways to move within its line are carried out by the painter.
        found -= {"\r", "\b"}
    return found


def always(seen: Seen) -> list[Verdict]:
    """Verdicts that do not depend on what a case expects."""
    return [
        Verdict("BYTES-CLEAN", ", ".join(dict.fromkeys(seen.violations))),
        Verdict("NO-CRASH", seen.crashed),
        Verdict("NO-MARKUP", ", ".join(seen.effects)),
    ]


def judge(case: Case, play: Play, seen: Seen) -> list[Verdict]:
    """A verdict for each thing the case expects."""
    verdicts = always(seen)
    if seen.crashed:
        return verdicts
    if play.asks and case.surface != "rpc_line" and "REJECT-LINE" not in case.expect:
        verdicts.append(Verdict("DIALOG", "" if seen.dialog else "the question was not shown"))
    for pattern, name, check in _CHECKS:
        if found := re.search(pattern, case.expect):
            verdicts.append(Verdict(name or found[0], check(case, play, seen, found)))
    return verdicts


Check = Callable[[Case, Play, Seen, "re.Match[str]"], str]


def _visible(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if re.search(r"\\x5cx[0-9a-f]{2}|\\x3cU\+", seen.text) and not _SPELLS.search(str(case.payload)):
        return "escaped twice"
    if "trailing" in case.expect:
        return "" if re.search("␣1␣", seen.text) else "no mark of a trailing blank"
    for text in play.shown:
        if len(text) > LONGEST:
            continue
        missing = [char for char in sorted(hidden_in(text, case.surface)) if visible(char) not in seen.text]
        if missing:
            return "not drawn: " + " ".join(visible(char) for char in missing)
        exact = case.surface in {"command", "path", "cwd"} and not _STACKED.search(text)
        if (
            exact
            and "run of" not in case.expect
            and "nbsp" not in case.risk
            and not is_shown(text, seen.text)
        ):
            return "not shown word for word"
    return ""


def _literal(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    for text in play.shown:
        # Of a text that is longer than what is paged through, the beginning and the end are looked for.
        parts = (text[:300], text[-20:]) if seen.tail and len(text) > 300 else (text,)
        for part in parts:
            if len(text) <= LONGEST and not is_shown(part, seen.text + seen.tail):
                return f"not shown literally: {part[:60]!r}"
    return ""


def _warn(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if "WARN optional" in case.expect or "WARN or NO-OPEN" in case.expect:
        return ""
    if play.replies or case.surface == "rpc_line":
        return "" if re.search("✗|error|refused|failed", seen.log + seen.text) else "no notice"
    return "" if re.search("Careful", seen.text) else "no warning"


def _reachable(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if case.surface == "agent_text":
        return ""
    tail = play.shown[-1].rstrip()[-40:].split("\n")[-1] if play.shown else ""
    return "" if is_shown(tail, seen.tail or seen.text) else f"the end is not reached: {tail!r}"


def _counted(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    text = play.shown[-1]
    wanted = [f"{text.count(chr(10)) + 1:,}line", f"{len(text):,}character"]
    missing = [count for count in wanted if count not in seen.first + seen.text]
    return f"not counted: {missing}" if missing and seen.columns >= 60 else ""


def _responsive(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if seen.opened_in > OPEN_LIMIT:
        return f"{seen.opened_in:.1f} s to the dialog"
    slow = sorted(seen.echo)[int(len(seen.echo) * 0.95) :]
    return f"{slow[0]:.2f} s from key to screen" if slow and slow[0] > ECHO_LIMIT else ""


def _no_open(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if "WARN or NO-OPEN" in case.expect:
        return ""
    opened = [door for door in seen.doors if not door.startswith("socket.")]
    return f"opened: {opened[0][:100]}" if opened else ""


def _no_network(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    reached = [door for door in seen.doors if door.startswith(("socket.", "urllib."))]
    return f"network: {reached[0][:100]}" if reached else ""


def _host(case: Case, play: Play, seen: Seen, found: re.Match[str]) -> str:
    return "" if re.search(f"Youwillbeat:?{re.escape(found[1])}", seen.text) else f"not the host: {found[1]}"


def _opens(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    opened = [door for door in seen.doors if door == f"opener {case.payload}"]
    return "" if len(opened) == 1 else f"opened {len(opened)} times"


def _rejects(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if case.surface == "schema":
        return ""
    if not seen.alive_after:
        return "the next valid line was not handled"
    if _accepted(seen):
        return "it was accepted"
    if seen.skipped == 0 and not play.replies:
        return "not counted"
    return ""


def _declines_only(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if "REJECT-LINE" in case.expect and not seen.dialog:
        return ""
    if " or DECLINE-ONLY" in case.expect and "REJECT-LINE" not in case.expect:
        return ""
    if _accepted(seen):
        return "it was accepted"
    return "" if seen.dialog else "no dialog"


def _answers(seen: Seen) -> list[dict[str, Any]]:
    return [message for message in seen.heard if "id" in message and "method" not in message]


def _accepted(seen: Seen) -> bool:
    for message in _answers(seen):
        result = message.get("result")
        if isinstance(result, dict):
            said = cast("dict[str, Any]", result)
            words = {str(said.get("decision")), str(said.get("action"))}
            if words & {"accept", "acceptForSession", "approved", "approved_for_session"}:
                return True
            decision = said.get("decision")
            # The old engines' no is an object too: {"denied": …}.
            if isinstance(decision, dict) and "denied" not in decision:
                return True
    return False


def _one_key(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if not seen.dialog:
        return "" if "REJECT-LINE" in case.expect else "no dialog"
    answers = _answers(seen)
    if len(answers) != 1:
        return f"{len(answers)} answers"
    result = cast("dict[str, Any]", answers[0].get("result") or {})
    wanted = {"cancel"} if seen.pressed == "escape" else {"decline", "cancel"}
    said = str(result.get("action", "an error" if "error" in answers[0] else ""))
    return "" if said in wanted else f"answered {said}"


def _exact_decision(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if seen.pressed != "accept":
        return ""
    answers = _answers(seen)
    right = [answer for answer in answers if answer["id"] in play.asks and "result" in answer]
    return "" if len(answers) == len(right) == 1 else f"{len(answers)} answers"


def _second_step(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    return "one key was enough" if seen.pressed == "accept once" and _accepted(seen) else ""


def _error_reply(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if _accepted(seen):
        return "it was accepted"
    answers = [answer for answer in _answers(seen) if answer["id"] in play.asks]
    if len(answers) != 1:
        return f"{len(answers)} answers"
    return ""


def _id_zero(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    zero = [answer for answer in _answers(seen) if type(answer["id"]) is int and answer["id"] == 0]
    return "" if len(zero) == 1 else "no answer with the id 0"


def _closes(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    return "an answer was sent" if _answers(seen) else ""


def _once_per_id(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    ids: list[str] = [repr(answer["id"]) for answer in _answers(seen)]
    if _accepted(seen):
        return "it was accepted"
    return "" if len(set(ids)) == len(ids) else "two answers for one id"


def _no_doubling(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    starts = [message for message in seen.heard if message.get("method") == "turn/start"]
    return "" if len(starts) <= 1 else f"turn/start was sent {len(starts)} times"


def _shows(*words: str) -> Check:
    def check(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
        screen = (seen.text + seen.chat + seen.log).lower()
        missing = [word for word in words if squeeze([word]).lower() not in screen]
        return f"not said: {missing}" if missing else ""

    return check


def _whole_text(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    for text in play.shown:
        if len(text) <= LONGEST and not is_shown(text, seen.text):
            return "not all of it is shown"
    return ""


def _collapsed(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    if not re.search(r"␣[\d,]+(\\x09)?␣", seen.text):
        return "the run of blanks is not counted"
    last = tokens(play.shown[-1])[-1]
    return "" if last in seen.first else f"{last!r} is not on the first screen"


def _alive(case: Case, play: Play, seen: Seen, _: re.Match[str]) -> str:
    return "" if seen.alive_after else "the next message was not handled"


_CHECKS: tuple[tuple[str, str, Check], ...] = (
    (r"\bVISIBLE\b", "VISIBLE", _visible),
    (r"\bLITERAL\b|shown literally|full command shown", "LITERAL", _literal),
    (r"\bWARN\b", "WARN", _warn),
    (
        r"\bREACHABLE\b|text stays reachable",
        "REACHABLE",
        _reachable,
    ),
    (r"\bCOUNTED\b", "COUNTED", _counted),
    (r"\bRESPONSIVE\b", "RESPONSIVE", _responsive),
    (
        r"\bNO-OPEN\b(?! over)|never opened",
        "NO-OPEN",
        _no_open,
    ),
    (r"no network|no file read", "no network", _no_network),
    (r"HOST\(([^)]*)\)", "HOST", _host),
    (r"opens only after consent", "opens", _opens),
    (r"REJECT-LINE", "REJECT-LINE", _rejects),
    (
        r"DECLINE-ONLY",
        "DECLINE-ONLY",
        _declines_only,
    ),
    (r"Decline and Cancel always", "decline and cancel", _one_key),
    (r"exact raw command", "exact answer", _exact_decision),
    (r"second (?:explicit )?step|needs a second confirm", "second step", _second_step),
    (r"answered with (?:an )?error(?! unless)|never ignored", "answered", _error_reply),
    (r"answered with an error unless", "answered", _error_reply),
    (r"id 0 \(integer\)", "id 0", _id_zero),
    (r"no answer is sent afterwards", "no answer", _closes),
    (r"at most one answer per id", "one answer", _once_per_id),
    (r"never silently doubled", "not doubled", _no_doubling),
    (r"says 'no content was sent'", "said", _shows("no content")),
    (r"shows 'no message was given'", "said", _shows("no message was given")),
    (r"fixed frame 'MCP server", "said", _shows('MCP server "codex"')),
    (r"xn-- form", "said", _shows("xn--")),
    (r"canonical IP shown", "said", _shows("127.0.0.1")),
    (r"mapped host shown|after IDNA mapping", "said", _shows("github.com")),
    (r"port shown", "said", _shows("8443")),
    (r"registrable domain visible", "said", _shows("evil.example")),
    (r"generic row with type name", "said", _shows("hologram")),
    (r"two lines shown|both shown", "LITERAL", _whole_text),
    (r"same as pad-spaces|collapsed to a counted mark", "counted run", _collapsed),
    (
        r"next valid line|one message|^handled|^accepted|drained|ignored silently|never ignored",
        "alive",
        _alive,
    ),
)


def tags(case: Case) -> list[str]:
    """The names under which a case's expectations are counted."""
    return [*_ALWAYS, *(name for pattern, name, _ in _CHECKS if re.search(pattern, case.expect))]


__all__ = ["Flood", "Nested", "Seen", "Verdict", "always", "judge", "tags"]
