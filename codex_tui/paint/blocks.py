"""The blocks of code in a markdown text, as their authors wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from codex_tui.paint.chunks import Chunk, Fence, split
from codex_tui.paint.code import language_of
from codex_tui.paint.markdown import fences_of
from codex_tui.paint.message import dedent


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code without its fence and the indent of that; `language` is empty when none is said."""

    language: str
    text: str


def code_blocks(text: str) -> list[CodeBlock]:
    """All blocks of code, in order. A block that is still being written counts, too.

    Cut as the chat cuts it, so that what can be copied is what is shown as code.
    """
    found: list[CodeBlock] = []
    going_on: tuple[Fence, list[str]] | None = None
    for chunk in split(text):
        if chunk.kind == "fence" and chunk.fence is not None:
            if chunk.opens or going_on is None:
                going_on = (chunk.fence, [])
                found.append(CodeBlock(language_of(chunk.fence.info), ""))
            going_on[1].extend(_code(text, chunk, chunk.fence))
            found[-1] = CodeBlock(found[-1].language, "\n".join(going_on[1]))
        elif chunk.kind == "text":
            source = text[chunk.start : chunk.end]
            source = "\n".join(dedent(row, chunk.indent) for row in source.split("\n"))
            for info, code in fences_of(source):
                found.append(CodeBlock(language_of(info), code.removesuffix("\n")))
    return [block for block in found if block.text.strip()]


def _code(text: str, chunk: Chunk, fence: Fence) -> list[str]:
    lines = text[chunk.start : chunk.end].split("\n")
    return [dedent(row.rstrip("\r"), fence.indent) for row in lines[chunk.opens : len(lines) - chunk.closes]]
