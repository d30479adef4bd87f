"""The engine's question whether an MCP tool may run: every argument in full, and for how long. Pure.

It comes as a form without fields (`mcpServer/elicitation/request`) with the tool in its `_meta`.
Only the server's name is the engine's own word; title, description and annotations are claims.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from codex_tui.dialogs.choices import Choice, Rule, saying
from codex_tui.dialogs.exec import asked_by
from codex_tui.dialogs.form.form import cancel_choice, decline_choice
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.question import Fact, NumberedText, measure, oddities
from codex_tui.protocol.elicitation import accept_elicitation
from codex_tui.text import SafeText, block, join, line, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.protocol.base import JsonObject
    from codex_tui.protocol.elicitation import ElicitationRequest

# Older engines name the tool only here.
_ASKED = re.compile(r'Allow the .+ MCP server to run tool "(.+)"\?', re.DOTALL)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def tool_sheet(request: ElicitationRequest, meta: JsonObject, setting: Setting) -> Sheet:
    """The page of a tool's approval; `meta` is `request.tool_approval`."""
    tool = tool_name(request, meta)
    arguments = _written(meta.get("tool_params"))
    facts = [
        *asked_by(setting),
        Fact(
            own("Server"), (join(own('"'), line(request.server_name), own('", configured by you')),), "code"
        ),
        Fact(own("Tool"), (line(tool) if tool else own("not named"),), "code" if tool else "warn"),
        Fact(own("Asked in words"), tuple(block(request.message or "no message was given")), "dim"),
        *_claims(meta),
        *(
            Fact(own("Careful") if index == 0 else own(""), (warning,), "warn")
            for index, warning in enumerate(oddities(arguments, is_code=True))
        ),
        *(
            []
            if "tool_params" in meta
            else [Fact(own("Careful"), (own("its arguments are not said"),), "warn")]
        ),
    ]
    return Sheet(
        title=own("Run this MCP tool?"),
        facts=tuple(facts),
        body=lambda look: NumberedText(arguments, look),
        measure=join(own("arguments: "), measure(arguments)),
        choices=tool_choices(request, meta, tool, setting),
    )


def tool_name(request: ElicitationRequest, meta: JsonObject) -> str:
    """The tool as the engine calls it; empty when it can't be told."""
    named = meta.get("tool_name")
    if isinstance(named, str) and named:
        return named
    found = _ASKED.fullmatch(request.message)
    return found.group(1) if found else ""


def tool_choices(
    request: ElicitationRequest, meta: JsonObject, tool: str, setting: Setting
) -> tuple[Choice, ...]:
    """The answers; of the lasting ones only those that the request offers."""
    persist = meta.get("persist")
    offered: list[Any] = cast("list[Any]", persist) if isinstance(persist, list) else [persist]
    found = [
        Choice(
            "y",
            own("Yes, this once"),
            own("once"),
            own("this call; the next one asks again"),
            accept_elicitation({}),
            "accept",
            grants=True,
        )
    ]
    if "session" in offered:
        found.append(_lasting("session", request.server_name, tool, setting))
    if "always" in offered and tool:
        found.append(_lasting("always", request.server_name, tool, setting))
    stops = own("the tool does not run; the agent is told, and goes on")
    no = replace(decline_choice(), effect=stops)
    return (*found, no, saying(no), replace(cancel_choice(), effect=stops))


def _lasting(how: Literal["session", "always"], server: str, tool: str, setting: Setting) -> Choice:
    session = how == "session"
    named = join(
        own('tool "'), line(tool) if tool else own("the one asked for"), own('" of MCP server "'),
        line(server), own('"'),
    )  # fmt: skip
    meaning = (
        join(own("every later call of "), named, own(" runs without asking")),
        own("with whatever arguments; an MCP server runs outside the sandbox"),
    )
    if session:
        rule = Rule(
            literal=named,
            file=own("no file; the engine keeps it in memory"),
            meaning=meaning,
            confirm=own("Run it, and do not ask for this tool again"),
            lasts=own("until this session ends"),
            title=own("Not ask for this tool again?"),
        )
    else:
        rule = Rule(
            literal=config_rule(server, tool),
            file=setting.short(f"{setting.codex_home or '$CODEX_HOME'}/config.toml"),
            meaning=meaning,
            confirm=own("Write it, and run the tool"),
        )
    return Choice(
        "s" if session else "a",
        own("Yes, for this session too …") if session else own("Always allow this tool …"),
        own("session…") if session else own("always…"),
        own("whatever its arguments are") if session else own("written to config.toml"),
        accept_elicitation({}, how),
        f"accept:{how}",
        grants=True,
        rule=rule,
    )


def config_rule(server: str, tool: str) -> SafeText:
    """What the engine writes, as one line of TOML."""
    keys = (line(key if _BARE_KEY.fullmatch(key) else json.dumps(key)) for key in (server, tool))
    server_key, tool_key = keys
    return join(
        own("[mcp_servers."), server_key, own(".tools."), tool_key, own('] approval_mode = "approve"')
    )


def _written(arguments: Any) -> str:
    try:
        return json.dumps(arguments, indent=2, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "(nested too deep to be written out)"


def _claims(meta: JsonObject) -> list[Fact]:
    """What the server says of its tool. It may say anything."""
    rows: list[SafeText] = []
    for key in ("tool_title", "tool_description"):
        value = meta.get(key)
        if isinstance(value, str) and value:
            rows += block(value)
    annotations = meta.get("tool_annotations")
    if isinstance(annotations, dict):
        hints = (
            join(line(name), own(": "), line(json.dumps(value, ensure_ascii=False)))
            for name, value in cast("JsonObject", annotations).items()
            if value is not None
        )
        rows.append(join(*hints, by=own(", ")))
    return [Fact(own("It claims"), tuple(row for row in rows if row), "dim")] if rows else []
