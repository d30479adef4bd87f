"""The facts of the status line, the rule and the announcement, from the state. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from codex_tui.panes.status.activity import Activity, duration
from codex_tui.panes.status.parts import ALWAYS, APART, Fact, Part, Role, words
from codex_tui.session.asides import ASIDE
from codex_tui.text import SafeText, cell_width, join, line, number, own, shorten

if TYPE_CHECKING:
    from codex_tui.paint.look import Marks
    from codex_tui.session.inbox import Question
    from codex_tui.session.state import State
    from codex_tui.session.transcript import Settings, Thread

SPACE = own(" ")
DOT = own(" · ")

# What goes first when the line is narrow: the lowest.
RANK_SPARE = 0
RANK_KEYS = 1
RANK_NOTICES = 2
RANK_BRANCH = 2
RANK_EFFORT = 3
RANK_DIRECTORY = 4
RANK_CONTEXT = 5
RANK_SANDBOX = 6
RANK_HINT = 7
RANK_SECONDS = 8
RANK_APPROVALS = 9
RANK_MODEL = 10

CONTEXT_WARNS = 0.8  # share of the context window from which on it is worth a colour
NAME_WIDTH = 30  # cells a model or branch name may take
DIRECTORY_WIDTH = 40  # cells a directory may take

_SANDBOXES: dict[str, SafeText] = {
    "readOnly": own("read-only"),
    "workspaceWrite": own("workspace-write"),
    "externalSandbox": own("external sandbox"),
    "dangerFullAccess": own("danger-full-access"),
}
_POLICIES: dict[str, SafeText] = {
    "untrusted": own("asks"),
    "on-request": own("asks when it must"),
    "on-failure": own("asks when it must"),
    "never": own("never asks"),
}
_KINDS: dict[str, SafeText] = {
    "item/commandExecution/requestApproval": own("run"),
    "execCommandApproval": own("run"),
    "item/fileChange/requestApproval": own("change files"),
    "applyPatchApproval": own("change files"),
    "item/permissions/requestApproval": own("more rights"),
    "mcpServer/elicitation/request": own("an MCP server asks"),
    "item/tool/requestUserInput": own("the agent asks"),
    ASIDE: own("the agent asks"),
}


def status_left(
    state: State, doing: Activity | None, turning: SafeText, marks: Marks, home: str
) -> list[Fact]:
    """What goes on, else model and directory. `turning` is the dot's picture while the engine works."""
    if doing is not None:
        facts = [_dot(doing, turning, marks), words(doing.says, _ROLES[doing.kind], by=SPACE)]
        if doing.detail:
            facts.append(words(doing.detail, _ROLES[doing.kind], RANK_SECONDS, SPACE))
        if doing.seconds:
            facts.append(words(duration(doing.seconds), "dim", RANK_SECONDS, SPACE))
        if doing.hint:
            role: Role = "text" if doing.kind in ("waits", "dead") else "dim"
            facts.append(words(doing.hint, role, ALWAYS if doing.kind == "dead" else RANK_HINT, DOT))
        return facts
    thread = state.active
    ready = state.engine.phase == "ready"
    facts = [words(marks.dot, "good" if ready else "dim")]
    if thread is None:
        facts.append(words(own("ready") if ready else own("no engine"), "dim", by=SPACE))
        return facts
    settings = thread.settings
    facts.extend(_model(settings, SPACE))
    if settings.cwd:
        facts.append(words(directory(settings.cwd, home), "text", RANK_DIRECTORY))
        if thread.branch:
            facts.append(words(_name(thread.branch), "dim", RANK_BRANCH, SPACE))
    return facts


def status_right(state: State, doing: Activity | None = None) -> list[Fact]:
    """Sandbox and approvals, context, keys, and what waits; the model if the left has no place for it."""
    facts: list[Fact] = []
    thread = state.active
    if thread is not None:
        if doing is not None:
            facts.extend(replace(fact, rank=RANK_SPARE) for fact in _model(thread.settings, APART))
        facts.extend(rights(thread.settings))
        used = thread.tokens.context_used
        if used is not None:
            share = join(own("context "), number(round(used * 100)), own(" %"))
            facts.append(words(share, "warn" if used >= CONTEXT_WARNS else "dim", RANK_CONTEXT))
    if state.account.known and state.account.requires_openai_auth and state.account.account is None:
        facts.append(words(own("not logged in"), "warn", RANK_APPROVALS))
    if odd := sum(notice.severity != "info" for notice in state.notices):
        told = own(" notice") if odd == 1 else own(" notices")
        facts.append(words(join(own("F12 "), number(odd), told), "warn", RANK_NOTICES))
    facts.append(Fact(((own("F1"), "text"), (own(" keys"), "dim")), RANK_KEYS))
    if waiting := len(state.inbox):
        facts.append(words(join(own("F5 "), number(waiting), own(" waiting")), "accent"))
    return facts


def rights(settings: Settings) -> list[Fact]:
    """What the agent may do: the sandbox, and when it asks. Full access is never dropped."""
    facts: list[Fact] = []
    kind = _kind(settings.sandbox)
    free = kind == "dangerFullAccess"
    if kind:
        facts.append(
            words(
                _SANDBOXES.get(kind, _name(kind)),
                "warn" if free else "text",
                ALWAYS if free else RANK_SANDBOX,
            )
        )
    policy: Any = settings.approval_policy
    if isinstance(policy, str) and policy:
        role: Role = "warn" if policy == "never" else "text"
        facts.append(words(_POLICIES.get(policy, _name(policy)), role, RANK_APPROVALS, DOT))
    elif isinstance(policy, Mapping):
        facts.append(words(own("asks by rule"), "text", RANK_APPROVALS, DOT))
    return facts


def directory(path: str, home: str) -> SafeText:
    """A directory as people write it: `~` for home, shortened in the middle."""
    root = home.rstrip("/")
    if root and (path == root or path.startswith(root + "/")):
        path = "~" + path[len(root) :]
    return shorten(line(path), DIRECTORY_WIDTH)


SHELL_SAYS = (
    words(own("runs in your shell, without the sandbox"), "warn"),
    words(own("the agent reads what it prints"), "dim", 4),
    words(own("Esc makes it a prompt"), "dim", 5),
)
"""What the rule says as long as the draft begins with `!`."""


def rule_left(remark: SafeText, notice: SafeText) -> list[Fact]:
    """A passing remark, else what stands there for good."""
    if remark:
        return [words(remark, "text")]
    return [words(notice, "dim")] if notice else []


READING = (
    own("reading:  / find  [ ] prompts  x failures  Enter unfolds  t all  y copy  l links  ? keys  Esc back"),
    own("reading:  / find  [ ] prompts  Enter unfolds  y copy  ? keys  Esc back"),
    own("/ find  [ ] prompts  Enter unfolds  ? keys  Esc back"),
    own("/ find  ? keys  Esc back"),
    own("? keys  Esc back"),
)
"""The first keys of reading, for ever less room."""
NEW_ROOM = 15
"""Cells of a rule for its dashes and what is new below: that is not dropped for keys."""


def reading_hint(width: int, new_below: int) -> SafeText:
    """The first keys of reading, as many as a rule of `width` cells has room for."""
    room = width - 9 - (NEW_ROOM if new_below else 0)
    return next((says for says in READING if cell_width(says) <= room), READING[-1])


def rule_right(thread: Thread | None, following: bool, new_below: int) -> list[Fact]:
    """How many prompts are queued, and what is below the part in sight."""
    facts: list[Fact] = []
    queued = sum(1 for pending in thread.pending if pending.how == "queue") if thread is not None else 0
    if queued:
        facts.append(words(join(number(queued), own(" queued")), "dim", 1))
    if new_below:
        facts.append(words(join(own("▾ "), number(new_below), own(" new")), "text", 2))
    elif not following:
        facts.append(words(own("▾ more below"), "dim", 0))
    return facts


def announcement(state: State) -> list[Part]:
    """`1 question waits — F5 opens it: run curl …`; nothing when none waits."""
    head = state.inbox.head
    if head is None:
        return []
    count = len(state.inbox)
    waits = own("1 question waits") if count == 1 else join(number(count), own(" questions wait"))
    opens = own(" — F5 opens it: ") if count == 1 else own(" — F5 opens the first: ")
    return [(waits, "accent"), (opens, "text"), (subject(head), "text")]


def subject(question: Question) -> SafeText:
    """What a question is about, in one line."""
    kind = _KINDS.get(question.method)
    if kind is None:
        return line(question.method)
    raw = question.raw.get("params")
    params = cast("dict[str, Any]", raw) if isinstance(raw, dict) else question.raw
    host = params.get("networkApprovalContext")
    if isinstance(host, dict):
        return join(own("reach "), line(str(cast("dict[str, Any]", host).get("host", ""))))
    detail = params.get("command") or params.get("message") or params.get("reason") or _first_asked(params)
    if isinstance(detail, list):
        detail = " ".join(str(word) for word in cast("list[object]", detail))
    return join(kind, SPACE, line(" ".join(str(detail).split()))) if detail else kind


def _first_asked(params: Mapping[str, Any]) -> str:
    """The first of the agent's own questions."""
    asked = params.get("questions")
    first: Any = cast("Sequence[Any]", asked)[0] if isinstance(asked, list | tuple) and asked else None
    if not isinstance(first, Mapping):
        return ""
    words = cast("Mapping[str, Any]", first)
    return str(words.get("question") or words.get("title") or "")


_ROLES: dict[str, Role] = {"works": "text", "waits": "accent", "starts": "dim", "dead": "bad"}


def _model(settings: Settings, by: SafeText) -> list[Fact]:
    facts: list[Fact] = []
    if settings.model:
        facts.append(words(_name(settings.model), "text", RANK_MODEL, by))
    if settings.effort:
        facts.append(words(_name(settings.effort), "dim", RANK_EFFORT, SPACE))
    return facts


def _dot(doing: Activity, turning: SafeText, marks: Marks) -> Fact:
    if doing.kind in ("works", "starts"):
        return words(turning, "dim" if doing.kind == "starts" else "good")
    return words(marks.error if doing.kind == "dead" else marks.dot, _ROLES[doing.kind])


def _kind(sandbox: Any) -> str:
    """A sandbox policy's type, however the wire spells it."""
    if isinstance(sandbox, str):
        return sandbox
    if isinstance(sandbox, Mapping):
        return str(cast("Mapping[str, Any]", sandbox).get("type", ""))
    return str(getattr(sandbox, "type", "") or "")


def _name(text: str) -> SafeText:
    return shorten(line(text), NAME_WIDTH)
