"""A thread as Markdown and as a page: everything that was said is there, and nothing of it acts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codex_tui.engine.replay import replay_batches
from codex_tui.export.document import Moment, file_name, title_of
from codex_tui.export.markdown import markdown, tamed
from codex_tui.export.page import page
from codex_tui.export.pieces import SHOWN, piece
from codex_tui.protocol.items import ITEM_MODELS, parse_item
from codex_tui.session.reducer import reduce_all
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Checklist, Item, Notice, PlanStep, Settings, Thread, Turn

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
MOMENT = Moment(1_767_225_600.0, 60)
BAD = (
    '<script>alert(1)</script> & "x" ` ``` \x1b[31m\u202e \x00 [a](javascript:alert(1)) ![p](http://h/p.png)'
)


def thread_of(*bodies: Any, name: str | None = None, prompt: str = "fix it") -> Thread:
    items = [Item(str(at), "u", body, "done") for at, body in enumerate(bodies)]
    turn = Turn("u", "completed", Series(items), started_ms=1_767_225_600_000)
    return Thread("0199-abcd", Settings(model="gpt-5.5", cwd="/home/ada"), name, prompt, turns=Series([turn]))


def body(kind: str, **members: Any) -> Any:
    return parse_item({"type": kind, "id": "i", **members})


def told(recording: str) -> Thread:
    state = State()
    for _, batch in replay_batches(RECORDINGS / f"{recording}.jsonl"):
        state, _ = reduce_all(state, batch)
    assert state.active is not None
    return state.active


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text outside of style."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


OURS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd"),
    *("p", "div", "span", "code", "pre", "details", "summary", "ins", "del", "a", "em", "strong", "ul", "ol"),
    *("li", "blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"),
}


def assert_nothing_acts(source: str) -> None:
    for name, attributes in Elements(source).elements:
        assert name in OURS, name
        assert set(attributes) <= {
            "charset",
            "content",
            "http-equiv",
            "name",
            "class",
            "href",
            "title",
            "start",
        }, name
        assert re.match(r"https?:|mailto:", attributes.get("href") or "http:"), attributes
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", source)


EVERY = [
    body("userMessage", content=[{"type": "text", "text": BAD}, {"type": "localImage", "path": BAD}]),
    body("agentMessage", text=BAD),
    body("agentMessage", text="# You\n\n```\nopen fence " + BAD),
    body("reasoning", summary=[BAD]),
    body("plan", text=BAD),
    body("commandExecution", command=BAD, aggregatedOutput=BAD, exitCode=1, status="failed", durationMs=1200),
    body("fileChange", status="completed", changes=[{"path": BAD, "kind": {"type": "add"}, "diff": BAD}]),
    body(
        "mcpToolCall",
        server=BAD,
        tool=BAD,
        arguments={BAD: BAD},
        result={"content": [{"type": "text", "text": BAD}]},
    ),
    body("mcpToolCall", server="s", tool="t", error={"message": BAD}, status="failed"),
    *(body(kind, query=BAD, path=BAD, tool=BAD, review=BAD) for kind in ITEM_MODELS),
    body("nobodyKnows" + BAD, payload={"deep": [BAD]}),
    Notice("warning", BAD, BAD),
    Checklist((PlanStep(BAD, "completed"), PlanStep("next", "pending")), BAD),
]


def test_nothing_hostile_acts_in_a_page() -> None:
    source = page(thread_of(*EVERY, name=BAD), MOMENT)
    assert_nothing_acts(source)
    assert "default-src 'none'" in source
    assert Elements(source).text.count("alert(1)") >= len(EVERY)


def test_nothing_hostile_acts_in_markdown() -> None:
    source = markdown(thread_of(*EVERY, name=BAD), MOMENT)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", source)
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").render(source)  # takes HTML, as careless viewers do
    names = [name for name, _ in Elements(html).elements]
    assert "script" not in names
    assert "img" not in names
    assert re.findall(r"<h2>(.*?)</h2>", html) == ["Turn 1, 2026-01-01 01:00"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="`~<>![]()#=-*_|&\\ \nab:/\"'\t", max_size=60), max_size=6))
def test_no_message_reaches_beyond_itself(texts: list[str]) -> None:
    shown = thread_of(*(body("agentMessage", text=text) for text in texts), Notice("info", "the end"))
    assert_nothing_acts(page(shown, MOMENT))
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").render(markdown(shown, MOMENT))
    assert "<h2>Turn 1, 2026-01-01 01:00</h2>" in html
    assert html.count("<h2>") == 1
    assert "the end" in html[html.rindex("<p>") :]
    assert {name for name, _ in Elements(html).elements} <= OURS


@pytest.mark.parametrize("kind", sorted(ITEM_MODELS))
def test_every_kind_of_item_is_said_with_what_it_holds(kind: str) -> None:
    members = {
        "commandExecution": {"command": "ls"},
        "contextCompaction": {},
        "imageView": {"path": "a.png"},
        "fileChange": {"changes": [{"path": "a.py", "kind": {"type": "add"}, "diff": "x"}]},
    }
    said = piece(
        Item("i", "u", body(kind, **members.get(kind, {"marker": "zebra", "text": "zebra"})), "done")
    )
    assert said.who
    assert said.who != "Item"


def test_a_recorded_turn_reads_as_a_document() -> None:
    shown = (
        told("patch-applied") if (RECORDINGS / "patch-applied.jsonl").exists() else told("answer-streamed")
    )
    source = markdown(shown, MOMENT)
    assert source.startswith("# ")
    assert "**You**" in source
    assert "**Agent**" in source


def test_a_command_shows_its_outcome_and_its_output() -> None:
    run = body(
        "commandExecution",
        command="/bin/bash -lc 'pytest -q'",
        aggregatedOutput="1 failed\n",
        exitCode=1,
        status="failed",
        durationMs=1200,
    )
    source = markdown(thread_of(run), MOMENT)
    assert "**Command**: `pytest -q` (failed, exit 1, 1.2 s)\n\n```\n1 failed\n```\n" in source
    assert '<summary><span class="who">Command</span> <code>pytest -q</code>' in page(thread_of(run), MOMENT)


def test_the_middle_of_a_huge_output_is_left_out_and_that_is_said() -> None:
    run = body("commandExecution", command="yes", aggregatedOutput="y\n" * SHOWN)
    source = markdown(thread_of(run), MOMENT)
    assert len(source) < SHOWN + 2000
    assert "characters left out]" in source


def test_what_never_finished_says_so() -> None:
    said = piece(Item("i", "u", body("commandExecution", command="ls"), "dropped"))
    assert said.facts == "not finished"


def test_code_that_holds_fences_stays_one_block() -> None:
    run = body("commandExecution", command="cat x.md", aggregatedOutput="````\na\n````\n")
    assert "\n`````\n````\na\n````\n`````\n" in markdown(thread_of(run), MOMENT)


def test_an_open_fence_is_closed_and_headings_lose_our_ranks() -> None:
    assert list(tamed(["# a", "```py", "# b"])) == ["#### a", "```py", "# b", "```"]
    assert list(tamed(["a", "===", "b", "---"])) == ["a", "\\===", "b", "\\---"]
    assert list(tamed(["`<b>` <b> <https://a.b>"])) == ["`<b>` \\<b> <https://a.b>"]


@pytest.mark.parametrize(
    "text",
    [
        "\\`<script>`",
        "a ` b\n`<script>`",
        "- ```\n<script>",
        "    ```\n<b>",
        "a\n>```\n<b>",
        "[a]: <b\n<script>",
    ],
)
def test_what_only_a_parser_can_tell_is_left_to_one(text: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").render(markdown(thread_of(body("agentMessage", text=text)), MOMENT))
    assert not {"script", "b"} & {name for name, _ in Elements(html).elements}


def test_a_diff_is_coloured_by_elements_only() -> None:
    change = body(
        "fileChange", changes=[{"path": "a", "kind": {"type": "update"}, "diff": "@@ -1 +1 @@\n-<a>\n+<b>\n"}]
    )
    source = page(thread_of(change), MOMENT)
    assert "<del>-&lt;a&gt;</del>\n<ins>+&lt;b&gt;</ins>" in source


def test_a_title_is_one_line_and_a_file_name_is_plain() -> None:
    assert title_of(thread_of(name="a\nb\x1b[0m")) == "a b\\x1b[0m"
    assert title_of(thread_of(prompt="")) == "Conversation"
    assert file_name("0199-abcd-12345678", "Fix ../../the ``div`` — now!") == "fix-the-div-now-12345678.md"
    assert file_name("../..", "エラー", ".html") == "thread-unnamed.html"
