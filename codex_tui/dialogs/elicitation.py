"""From a question of an MCP server to its first page, and the pages that can only be declined."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codex_tui.dialogs.care import hidden_among
from codex_tui.dialogs.choices import Choice
from codex_tui.dialogs.exec import asked_by
from codex_tui.dialogs.form.form import asker_of, cancel_choice, decline_choice, open_form
from codex_tui.dialogs.form.schema import UnfitError, read_form
from codex_tui.dialogs.mcp_tool import tool_sheet
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.step import Page, Step
from codex_tui.dialogs.url import url_page
from codex_tui.paint.question import Fact, NumberedText, Painted, measure
from codex_tui.protocol.elicitation import accept_elicitation
from codex_tui.text import SafeText, block, join, line, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.protocol.base import JsonObject
    from codex_tui.protocol.elicitation import ElicitationRequest

_FORM_MODES = {"form", "openai/form", "openaiForm"}


def elicitation_step(request: ElicitationRequest, raw: JsonObject, setting: Setting) -> Step:
    """The first page of `mcpServer/elicitation/request`."""
    if request.mode == "url":
        return url_page(request, setting)
    if request.mode == "openai/userVerification":
        reason = own("it wants a proof signed by this device, which this program can't give")
        return Page(_declined(request, raw, setting, reason))
    if request.mode not in _FORM_MODES:
        return Page(_declined(request, raw, setting, own("questions of this mode are not known here")))
    try:
        form = read_form(request.requested_schema)
    except UnfitError as unfit:
        reason = join(own("the form can't be shown faithfully: "), unfit.reason)
        return Page(_declined(request, raw, setting, reason))
    if request.tool_approval is not None and not form.fields:
        return Page(tool_sheet(request, request.tool_approval, setting))
    if not form.fields:
        return Page(_consent(request, setting))
    hidden = hidden_among(request.message, request.requested_schema)
    careful = [Fact(own("Careful"), (text,), "warn") for text in hidden]
    return open_form(request.server_name, request.message, form, (*asked_by(setting), *careful))


def said_by(request: ElicitationRequest, setting: Setting) -> tuple[Fact, ...]:
    """Who asks, and in which words."""
    message = tuple(block(request.message)) if request.message.strip() else (own("no message was given"),)
    return (
        *asked_by(setting),
        Fact(own("Asked by"), (asker_of(request.server_name),)),
        Fact(own("It says"), message),
    )


def _title(request: ElicitationRequest) -> SafeText:
    return join(own('MCP server "'), line(request.server_name), own('" asks'))


def _consent(request: ElicitationRequest, setting: Setting) -> Sheet:
    yes = Choice(
        "y",
        own("Yes"),
        own("yes"),
        own("the server is told yes, and gets nothing else"),
        accept_elicitation({}),
        "accept",
        grants=True,
    )
    return Sheet(
        title=_title(request),
        facts=said_by(request, setting),
        body=lambda look: Painted([]),
        measure=own(""),
        choices=(yes, decline_choice(), cancel_choice()),
    )


def _declined(request: ElicitationRequest, raw: JsonObject, setting: Setting, reason: SafeText) -> Sheet:
    """What can't be answered here with yes, as it came."""
    try:
        text = json.dumps(raw, indent=2, ensure_ascii=False)
    except (RecursionError, ValueError):
        text = "(nested too deep to be written out)"
    return Sheet(
        title=_title(request),
        facts=(
            *said_by(request, setting),
            Fact(own("Careful"), (reason, own("it can be declined or cancelled, not accepted")), "warn"),
        ),
        body=lambda look: NumberedText(text, look),
        measure=measure(text),
        choices=(decline_choice(), cancel_choice()),
    )
