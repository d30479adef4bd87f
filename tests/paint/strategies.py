# ruff: noqa: E501 (tables of odd text)
"""Items of every kind, and text that is meant to break things."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import strategies as st

from codex_tui.paint.look import ASCII_MARKS, Look
from codex_tui.protocol.items import ITEM_MODELS, parse_item
from codex_tui.session.transcript import Checklist, Item, Notice, PlanStep

NASTY = [
    "\x1b[2J", "\x1b]52;c;eA==\x07", "\x9b31m", "\u202e", "\u200b", "\U000e0041", "\ud800", "\r", "\b", "\t", "\x00",
    "\x1b[31m", "\x1b[38;2;1;2;3m", "\x1b[38;5;999m", "\x1b[0m", "\x1b[10C", "\x1b[K", "\x1b[?25l", "\x7f", "\xa0",
    "&#x1b;[0m", "&#8238;", "[x](javascript:alert)", "[a](http://b/\x1b)", "![i](u)", "`c`", "**b", "*", "~~s~~", "<b>",
    "[/]", "[bold]", "[@click=app.quit]x[/]", "漢字", "ｱ", "👩\u200d👩\u200d👧", "❤\ufe0f", "e\u0301", "\u0301" * 8, " ", "\n", "\n\n",
    "- ", "1. ", "> ", "# ", "```py\n", "\n```\n", "| a | b |\n|---|--:|\n| 1 | 2 |\n", "    ", "---\n", "[ ] ",
    "@@ -1,2 +1,3 @@ f\n", "\n+new", "\n-old", "\n context", "\n\\ No newline", "x" * 30, "word ", "\\x1b", "<U+202E>",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(NASTY), max_size=14).map("".join),
    st.text(st.characters(), max_size=30),
)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
statuses = st.sampled_from(["inProgress", "completed", "failed", "declined", "odd\x1b"])

_CHANGE: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "path": texts.map(lambda text: f"/home/dev/{text}.py"),
        "kind": st.fixed_dictionaries(
            {"type": st.sampled_from(["add", "delete", "update", "odd"])},
            optional={"move_path": st.none() | texts},
        ),
        "diff": texts,
    }
)
_CONTENT = st.lists(st.fixed_dictionaries({"type": st.sampled_from(["text", "image"])}, optional={"text": texts, "data": texts}) | jsons, max_size=3)  # fmt: skip
_MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "text": texts,
    "content": st.lists(st.fixed_dictionaries({"type": st.sampled_from(["text", "image", "skill\x1b"])}, optional={"text": texts, "path": texts}), max_size=3),
    "summary": st.lists(texts, max_size=3),
    "command": texts | texts.map(lambda text: f"/bin/bash -lc '{text}'"),
    "aggregatedOutput": st.none() | texts | texts.map(lambda text: text * 40),
    "exitCode": st.none() | st.integers(-1, 255),
    "durationMs": st.integers(0, 10**8),
    "status": statuses,
    "changes": st.lists(_CHANGE, max_size=3),
    "server": texts,
    "tool": texts,
    "arguments": jsons,
    "result": st.none() | st.fixed_dictionaries({"content": _CONTENT}),
    "error": st.none() | st.fixed_dictionaries({"message": texts}),
    "contentItems": st.none() | st.lists(st.fixed_dictionaries({"type": texts, "text": texts}), max_size=2),
    "prompt": st.none() | texts,
    "agentPath": texts,
    "agentThreadId": texts,
    "kind": texts,
    "model": st.none() | texts,
    "query": texts,
    "action": st.none() | st.dictionaries(st.sampled_from(["type", "url", "pattern", "query"]), texts, max_size=3),
    "results": st.none() | st.lists(jsons, max_size=2),
    "path": texts,
    "review": texts,
    "revisedPrompt": st.none() | texts,
    "savedPath": st.none() | texts,
    "source": st.sampled_from(["agent", "unifiedExecStartup"]),
    "odd member": jsons,
    "fragments": st.lists(st.fixed_dictionaries({"hookRunId": texts, "text": texts}), max_size=2),
    "name": texts,
    "namespace": st.none() | texts,
    "output": jsons,
}  # fmt: skip
_BY_TYPE: dict[str, list[str]] = {
    "userMessage": ["content"],
    "agentMessage": ["text"],
    "plan": ["text"],
    "reasoning": ["summary"],
    "commandExecution": ["command", "aggregatedOutput", "exitCode", "durationMs", "status", "source"],
    "fileChange": ["changes", "status"],
    "mcpToolCall": ["server", "tool", "arguments", "result", "error", "status"],
    "dynamicToolCall": ["tool", "arguments", "contentItems", "status"],
    "collabAgentToolCall": ["tool", "prompt", "status"],
    "subAgentActivity": ["kind", "agentPath", "agentThreadId", "model"],
    "webSearch": ["query", "action", "results"],
    "imageView": ["path"],
    "imageGeneration": ["status", "revisedPrompt", "savedPath"],
    "sleep": ["durationMs"],
    "hookPrompt": ["fragments"],
    "functionCallOutput": ["name", "namespace", "output"],
    "enteredReviewMode": ["review"],
    "exitedReviewMode": ["review"],
}


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from([*ITEM_MODELS, "hologram", "odd\x1b[0m", "notice", "checklist"]))
    if kind == "notice":
        severities: list[Literal["info", "warning", "error"]] = ["info", "warning", "error"]
        return Notice(draw(st.sampled_from(severities)), draw(texts), draw(texts))
    if kind == "checklist":
        steps = st.lists(
            st.builds(PlanStep, texts, st.sampled_from(["pending", "inProgress", "completed", "odd"])),
            max_size=5,
        )
        return Checklist(tuple(draw(steps)), draw(texts))
    raw: dict[str, Any] = {"type": kind, "id": "i1"}
    for name in _BY_TYPE.get(kind, ["odd member"]):
        raw[name] = draw(_MEMBERS[name])
    return parse_item(raw)


@st.composite
def items(draw: st.DrawFn) -> Item:
    times = st.none() | st.integers(0, 2 * 10**12)
    return Item(
        "i1",
        "t1",
        draw(bodies()),
        draw(st.sampled_from(["running", "done", "dropped"])),
        draw(st.integers(0, 3)),
        draw(times),
        draw(times),
        draw(st.sampled_from(["", "accept", "decline", "cancel"])),
        draw(st.sampled_from([0, 5000])),
        draw(texts),
    )


looks = st.builds(
    Look,
    width=st.integers(10, 200),
    fold=st.sampled_from(["brief", "normal", "full"]),
    marks=st.sampled_from([Look().marks, ASCII_MARKS]),
    root=st.sampled_from(["", "/home/dev"]),
)

_WORDS = st.lists(
    st.sampled_from(["word", "漢字", "`code`", "**bold**", "[a](http://b)", "a.py:3", "👩\u200d👩\u200d👧"]),
    min_size=1,
    max_size=9,
).map(" ".join)
_CODE = [
    "def f():\n\n    return 1",
    "-old\n+new\n same",
    "x " * 60,
    '"""\n\n# not a heading\n"""',
    "```\ninner",
    "| a |\n",
]


@st.composite
def _fences(draw: st.DrawFn) -> str:
    sign = draw(st.sampled_from(["```", "````", "~~~"]))
    info = draw(st.sampled_from(["", "python", "diff", "no-such title=x"]))
    return f"{sign}{info}\n{draw(st.sampled_from(_CODE))}\n{sign if draw(st.booleans()) else ''}"


@st.composite
def _tables(draw: st.DrawFn) -> str:
    rows = [f"| {draw(_WORDS)} | 1 |"] * draw(st.sampled_from([0, 1, 5, 60]))
    return "\n".join([f"| {draw(_WORDS)} | b |", "|---|--:|", *rows])


@st.composite
def _lists(draw: st.DrawFn) -> str:
    marks = st.sampled_from(["- ", "* ", "1. ", "10) ", "- [x] ", "- [ ] "])
    depths = draw(st.lists(st.sampled_from([0, 0, 2, 3, 4]), min_size=1, max_size=6))
    return "\n".join(
        f"{' ' * depth}{draw(marks)}{draw(_WORDS)}" for depth in depths * draw(st.integers(1, 6))
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Markdown as it is written: tables, lists, fences, quotes, some in each other, some never closed."""
    blocks = st.one_of(
        _WORDS, _WORDS.map(lambda text: f"## {text}"), _fences(), _tables(), _lists(), st.just("---")
    )
    text = ""
    for block in draw(st.lists(blocks, max_size=6)):
        prefix = draw(st.sampled_from(["", "", "", "> ", "> > ", "   ", "- "]))
        text += "\n".join(f"{prefix}{row}" for row in block.split("\n"))
        text += draw(st.sampled_from(["\n", "\n\n", "\n\n\n", "\r\n\r\n"]))
    return text
