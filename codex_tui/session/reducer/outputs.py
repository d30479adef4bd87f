"""How much of a command's output is kept."""

from __future__ import annotations

from typing import Final

from codex_tui.protocol.items import CommandExecution
from codex_tui.protocol.items import Item as WireItem
from codex_tui.session.transcript import OUTPUT_HEAD, OUTPUT_TAIL

OUTPUT_SLACK: Final = 128 * 1024
"""How far output may grow above its bound before the middle is cut again: cutting copies all of it."""


def bounded(text: str) -> tuple[str, int]:
    """`text`, and how many characters were cut out of its middle to keep it within bounds.

    Its first `OUTPUT_HEAD` characters and at least its last `OUTPUT_TAIL` stay.
    """
    cut = len(text) - OUTPUT_HEAD - OUTPUT_TAIL
    if cut <= OUTPUT_SLACK:
        return text, 0
    return text[:OUTPUT_HEAD] + text[OUTPUT_HEAD + cut :], cut


def with_bounded_output(body: WireItem) -> tuple[WireItem, int]:
    """An item as the engine has it for good, and what was cut out of its output."""
    if not isinstance(body, CommandExecution) or body.aggregated_output is None:
        return body, 0
    kept, cut = bounded(body.aggregated_output)
    return (body.model_copy(update={"aggregated_output": kept}) if cut else body), cut
