"""What of an item can be copied, and that it is what was written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.blocks import CodeBlock, code_blocks
from codex_tui.paint.copies import copies_of, output_text, source_of
from codex_tui.paint.explored import Explored
from codex_tui.protocol.items import parse_item
from codex_tui.session.transcript import OUTPUT_HEAD, Item, Notice


def item(**raw: Any) -> Item:
    return Item("i", "t", parse_item({"id": "i", **raw}), "done")


def agent(text: str) -> Item:
    return item(type="agentMessage", text=text)


def copied(one: Item) -> dict[str, list[str]]:
    return {copy.key: [make() for _, make in copy.texts] for copy in copies_of(one)}


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("no code `here`", []),
        ("```py\na\n\nb\n```", [("py", "a\n\nb")]),
        ("~~~\na\n```\nb\n~~~\n\n```sh\nls\n```", [("", "a\n```\nb"), ("sh", "ls")]),
        ("- x\n\n  ```js\n  f()\n    g()\n  ```\n- y", [("js", "f()\n  g()")]),
        ("> ```\n> quoted\n> ```", [("", "quoted")]),
        ("text\n\n    indented\n    code\n", [("", "indented\ncode")]),
        ("```python title=x\nstill being wri", [("python", "still being wri")]),
        ("```\n```", []),
        ("```text\nwith\ttabs and \\x1b[0m\n```", [("text", "with\ttabs and \\x1b[0m")]),
    ],
)
def test_blocks_of_code_as_they_were_written(text: str, blocks: list[tuple[str, str]]) -> None:
    assert code_blocks(text) == [CodeBlock(*block) for block in blocks]


def test_a_long_block_is_one() -> None:
    code = "\n".join(f"line {at}\n" for at in range(400))
    assert code_blocks(f"Here:\n\n```\n{code}\n```\n\nand\n\n```\nb\n```") == [
        CodeBlock("", code),
        CodeBlock("", "b"),
    ]


@given(
    st.lists(st.sampled_from(["```", "~~~", "a", "", "- x", "  ", "> ", "    b", "|a|", "|-|"])).map(
        "\n".join
    )
)
def test_any_text_has_its_blocks(text: str) -> None:
    assert all(block.text.strip() for block in code_blocks(text))


def test_a_message_offers_its_markdown_and_its_code() -> None:
    text = "# Title\n\n```py\nx = 1\n```\n\n```\ny\n```"
    assert copied(agent(text)) == {"m": [text], "c": ["x = 1", "y"]}
    assert [name for name, _ in copies_of(agent(text))[1].texts] == [
        "code block 1 of 2 (py)",
        "code block 2 of 2",
    ]
    assert copied(agent("just words")) == {"m": ["just words"]}


def test_a_prompt_offers_its_code() -> None:
    text = "run ```this```\n\n```\nmake\n```"
    prompt = item(type="userMessage", content=[{"type": "text", "text": text}])
    assert copied(prompt) == {"m": [text], "c": ["make"]}


def test_a_command_offers_itself_and_what_it_printed() -> None:
    ran = item(
        type="commandExecution",
        command="/bin/bash -lc 'make test'",
        aggregatedOutput="\x1b[31mred\x1b[0m   \nold\rnew\n\x1b]52;c;QQ==\x07end\n",
    )
    offered = copied(ran)
    assert offered["x"] == ["make test"]
    assert offered["o"] == ["red\nnew\nend"]
    assert offered["m"][0].startswith("$ make test\n")
    assert "o" not in copied(item(type="commandExecution", command="true"))


def test_a_patch_offers_diff_and_paths() -> None:
    change = {"path": "a/b.py", "kind": {"type": "update"}, "diff": "@@ -1 +1 @@\n-a\n+b\n"}
    offered = copied(item(type="fileChange", changes=[change, {**change, "path": "c.py"}]))
    assert offered["p"] == ["a/b.py\nc.py"]
    assert "-a\n+b" in offered["d"][0]


def test_a_line_of_exploring_offers_each_of_its_commands() -> None:
    members = tuple(
        item(type="commandExecution", command=f"cat {name}", aggregatedOutput=name) for name in ("a", "b")
    )
    offered = copied(Item("e", "t", Explored(members), "done"))  # pyright: ignore[reportArgumentType]
    assert offered["x"] == ["cat a", "cat b"]
    assert offered["o"] == ["a", "b"]


def test_what_was_left_out_of_an_output_is_said_where_it_was() -> None:
    text = output_text("a" * OUTPUT_HEAD + "b" * 10, cut=1234)
    assert text == "a" * OUTPUT_HEAD + "\n[1,234 characters were left out here]\n" + "b" * 10


def test_everything_else_can_be_copied_as_a_whole() -> None:
    notice = Item("n", "t", Notice("error", "it broke", "because"), "done")
    assert copied(notice) == {"m": ["it broke\nbecause"]}
    assert source_of(notice).name == "everything"
    assert source_of(agent("x")).name == "markdown"
