"""The sheets of `item/commandExecution/requestApproval`: a command, input for a terminal, a host."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from codex_tui.dialogs.care import MISREAD, lookalikes, looked_at_twice, turns_around
from codex_tui.dialogs.choices import Choice, Rule, rule_choices
from codex_tui.dialogs.offers import command_choices, network_choices
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.shell import read_command
from codex_tui.paint.question import Fact, NumberedText, Painted, measure, oddities
from codex_tui.text import SafeText, block, join, line, lines, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.protocol.approvals import CommandApproval, NetworkContext, PermissionProfile

TERMINAL_SHOWN = 1000
"""Characters of the command whose terminal is typed into: it runs already, the transcript has all of it."""

KNOWN_KINDS = {"command", "writeStdin"}
_KNOWN_DECISIONS = {"accept", "acceptForSession", "decline", "cancel"}


def exec_sheet(request: CommandApproval, setting: Setting) -> Sheet | None:
    """The sheet of a command or of a host; None when there is nothing to approve in it."""
    if request.network_approval_context is not None:
        return _network_sheet(request, request.network_approval_context, setting)
    if request.command is None or request.kind not in KNOWN_KINDS:
        return None
    script = read_command(request.command)
    typed = request.kind == "writeStdin"
    facts = [
        *asked_by(setting),
        *(terminal(setting) if typed else []),
        *said(request.reason),
        *directory(request.cwd, setting),
        *([Fact(own("Shell"), (line(script.shell),), "code")] if script.shell else []),
        *_runs(request, setting),
        *_permissions(request.additional_permissions, setting),
        *_actions(request, setting),
        *reviewed(setting),
        *_warnings(script.text),
        *_environment(request.environment_id),
        *_unknown_offers(request),
    ]
    choices = command_choices(request, script.text, setting)
    if turns_around(script.text):
        choices = looked_at_twice(choices, MISREAD, script.text)
    return Sheet(
        title=titled(
            own("Type this into the running terminal?") if typed else own("Run this command?"), setting
        ),
        facts=tuple(facts),
        body=lambda look: NumberedText(script.text, look),
        measure=measure(script.text),
        choices=choices,
    )


def rule_sheet(choice: Choice, rule: Rule) -> Sheet:
    """The second step of a lasting answer: the rule as it will be written, and what it means."""
    facts = (
        Fact(own("Written to"), (rule.file,), "code"),
        Fact(own("Lasts"), (rule.lasts,)),
        *(
            Fact(own("Means") if index == 0 else own(""), (text,), "warn")
            for index, text in enumerate(rule.meaning)
        ),
    )
    text = rule.text or rule.literal
    return Sheet(
        title=rule.title,
        facts=facts,
        body=lambda look: NumberedText(text, look),
        measure=measure(rule.text) if rule.text else own(""),
        choices=rule_choices(choice, rule),
    )


def _network_sheet(request: CommandApproval, context: NetworkContext, setting: Setting) -> Sheet:
    protocol = f" over {line(context.protocol)}" if context.protocol else ""
    running = setting.running
    facts = [
        *asked_by(setting),
        Fact(own("Host"), (SafeText(f"{line(context.host)}{protocol}"),), "code"),
        *_warnings(context.host),
        *_environment(request.environment_id),
        *_unknown_offers(request),
    ]
    if request.reason:
        # The engine's own words; they repeat the host, so the host comes first.
        facts.append(Fact(own("Reason"), tuple(block(request.reason)), "dim"))
    if running:
        facts.append(Fact(own("Wanted by"), (own("the command below"),)))
    return Sheet(
        title=titled(own("Let a command reach this host?"), setting),
        facts=tuple(facts),
        body=(lambda look: NumberedText(read_command(running).text, look))
        if running
        else (lambda look: Painted([])),
        measure=measure(read_command(running).text) if running else own(""),
        choices=network_choices(request, setting),
    )


def titled(title: SafeText, setting: Setting) -> SafeText:
    """`title`, with a word before it when it is not the thread on screen that asks."""
    return join(own("Sub-agent: "), title) if setting.asker else title


def terminal(setting: Setting) -> list[Fact]:
    """Whose terminal it is typed into: what runs there reads it, not a shell of ours."""
    if not setting.terminal:
        return [Fact(own("Types into"), (own("a terminal whose command is not known"),), "warn")]
    script = read_command(setting.terminal).text
    if len(script) > TERMINAL_SHOWN:
        script = f"{script[:TERMINAL_SHOWN]} [and more]"
    return [
        Fact(own("Types into"), (own("the terminal of the command"),)),
        Fact(own(""), tuple(lines(script)), "code"),
    ]


def asked_by(setting: Setting) -> list[Fact]:
    """Who asks, when it is not the thread on screen."""
    return [Fact(own("Asked by"), (join(own("sub-agent "), line(setting.asker)),))] if setting.asker else []


def said(reason: str | None) -> list[Fact]:
    """The agent's own words; a claim, so it is labelled as one."""
    return [Fact(own("The agent says"), tuple(block(reason)))] if reason else []


def directory(cwd: str | None, setting: Setting) -> list[Fact]:
    """Where it happens, where that really is, and whether that is outside the workspace."""
    if not cwd:
        return [Fact(own("Directory"), (own("not said"),), "warn")]
    real = setting.look_up(cwd).real
    facts = [Fact(own("Directory"), (setting.short(cwd),), "code")]
    if real != cwd.rstrip("/") and real != cwd:
        facts.append(Fact(own("really"), (setting.short(real),), "warn"))
    if setting.is_outside(real):
        facts.append(
            Fact(own(""), (join(own("outside the workspace "), setting.short(setting.workspace)),), "warn")
        )
    return facts


def _runs(request: CommandApproval, setting: Setting) -> list[Fact]:
    """What is known of the sandbox it will run in; nothing is said when nothing is known."""
    if setting.sandbox == "danger-full-access":
        return [Fact(own("Runs"), (own("without a sandbox"),), "warn")]
    if request.kind != "command":
        return []
    if request.additional_permissions is not None:
        return [Fact(own("Runs"), (own("in the sandbox, with the permissions below"),), "warn")]
    if setting.policy == "untrusted":
        return [
            Fact(own("Runs"), (own("in the sandbox; if that stops it, again without one, unasked"),), "warn")
        ]
    asks_by_rule = request.reason is not None and "` requires approval" in request.reason
    if setting.policy == "on-request" and request.reason and not asks_by_rule:
        # Under this policy the engine asks for a command only when it is to leave the sandbox
        # (then there is a justification), or when a rule says so.
        return [Fact(own("Runs"), (own("outside the sandbox"),), "warn")]
    return []


def _permissions(profile: PermissionProfile | None, setting: Setting) -> list[Fact]:
    if profile is None:
        return []
    rows: list[SafeText] = []
    if profile.network is not None and profile.network.enabled:
        rows.append(own("reach the network"))
    files = profile.file_system
    if files is not None:
        rows += [join(own("read "), setting.short(path)) for path in files.read or ()]
        rows += [join(own("write "), setting.short(path)) for path in files.write or ()]
        for entry in files.entries or ():
            place = entry.path.get("path") or entry.path.get("pattern") or entry.path
            row = join(
                line(entry.access),
                own(" "),
                setting.short(place) if isinstance(place, str) else line(repr(place)),
            )
            if row not in rows:
                rows.append(row)
    return [Fact(own("May also"), tuple(rows or [own("unknown permissions")]), "warn")]


_ACTION_WORDS = {"read": own("read"), "listFiles": own("list files"), "search": own("search")}


def _actions(request: CommandApproval, setting: Setting) -> list[Fact]:
    """The engine's own reading of the command, with what it could not read and where it really goes.

    Nothing is said when it could read nothing: the command itself is below.
    """
    actions = request.command_actions or ()
    if all(action.type not in _ACTION_WORDS for action in actions):
        return []
    rows: list[tuple[SafeText, bool]] = []
    for action in actions:
        word = _ACTION_WORDS.get(action.type)
        if word is None:
            rows.append((join(own("not understood: "), line(action.command)), True))
            continue
        about = [text for text in (action.query, action.path or action.name) if text]
        place, odd = _place(action.path, request.cwd, setting)
        rows.append((join(word, *(join(own(" "), line(text)) for text in about), place), odd))
    return [
        Fact(own("Read as") if index == 0 else own(""), (row,), "warn" if odd else "dim")
        for index, (row, odd) in enumerate(rows)
    ]


def _place(path: str | None, cwd: str | None, setting: Setting) -> tuple[SafeText, bool]:
    """Where a path really leads when that is elsewhere, and whether it has to be said."""
    if not path or not cwd:
        return own(""), False
    whole = posixpath.normpath(posixpath.join(cwd, path))
    place = setting.look_up(whole)
    link = join(own(", a link to "), setting.short(place.real)) if place.is_link else own("")
    outside = own(", outside the workspace") if setting.is_outside(place.real) else own("")
    return join(link, outside), bool(link or outside)


def reviewed(setting: Setting) -> list[Fact]:
    """What the automatic reviewer said: its status, the risk it sees, and why. Its words, not ours."""
    return [Fact(own("Auto-review"), tuple(block(setting.review)))] if setting.review else []


def _warnings(text: str) -> list[Fact]:
    return [
        Fact(own("Careful") if index == 0 else own(""), (warning,), "warn")
        for index, warning in enumerate((*oddities(text), *lookalikes(text)))
    ]


def _environment(environment: str | None) -> list[Fact]:
    if environment is None or environment == "local":
        return []
    return [Fact(own("Environment"), (line(environment),), "warn")]


def _unknown_offers(request: CommandApproval) -> list[Fact]:
    """Decisions that the engine offers and this client does not know; they cannot be chosen."""
    unknown = [
        line(decision if isinstance(decision, str) else ", ".join(decision))
        for decision in request.available_decisions or ()
        if not (
            decision in _KNOWN_DECISIONS
            if isinstance(decision, str)
            else set(decision) <= {"acceptWithExecpolicyAmendment", "applyNetworkPolicyAmendment"}
        )
    ]
    return [Fact(own("Also offered"), (join(*unknown, by=own(", ")),), "dim")] if unknown else []
