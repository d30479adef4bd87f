"""Where an item leads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codex_tui.panes.chat.links import link_at, links_of
from codex_tui.protocol.items import parse_item
from codex_tui.session.transcript import Item


@pytest.fixture
def root(tmp_path: Path) -> str:
    for name in ("a.py", "sub/b.py", "elsewhere/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    return str(tmp_path)


def item(**raw: Any) -> Item:
    return Item("i", "t", parse_item({"id": "i", **raw}), "done")


def links(one: Item, root: str) -> list[tuple[str, int | None]]:
    return [(link.target.removeprefix(f"{root}/"), link.line) for link in links_of(one, root)]


def test_a_message_leads_to_addresses_and_files_that_are_there(root: str) -> None:
    text = f"See `a.py:3`, [b]({root}/sub/b.py#L7), gone.py:1 and <https://example.org/x>."
    assert links(item(type="agentMessage", text=text), root) == [
        ("a.py", 3),
        ("sub/b.py", 7),
        ("https://example.org/x", None),
    ]


def test_a_command_leads_where_its_output_says_from_its_own_folder(root: str) -> None:
    output = (
        "\x1b[1m\x1b[35mc.py\x1b[0m:\x1b[32m4\x1b[0m: error\n../a.py:2\n"
        + f'  File "{root}/sub/b.py", line 9, in f\n'
    )
    ran = item(
        type="commandExecution",
        command="cat c.py",
        cwd=f"{root}/elsewhere",
        aggregatedOutput=output,
        commandActions=[{"type": "read", "command": "cat c.py", "path": f"{root}/elsewhere/c.py"}],
    )
    assert links(ran, root) == [("elsewhere/c.py", 4), ("a.py", 2), ("sub/b.py", 9)]


def test_a_patch_leads_to_the_first_line_of_each_change(root: str) -> None:
    changes = [
        {"path": f"{root}/a.py", "kind": {"type": "update"}, "diff": "@@ -10,2 +12,2 @@\n-a\n+b\n c\n"},
        {"path": "sub/b.py", "kind": {"type": "add"}, "diff": "new\n"},
        {"path": f"{root}/deleted.py", "kind": {"type": "delete"}, "diff": "old\n"},
    ]
    assert links(item(type="fileChange", changes=changes), root) == [("a.py", 12), ("sub/b.py", 1)]


def test_directories_and_devices_are_no_files(root: str) -> None:
    assert links(item(type="agentMessage", text="sub/ sub:1 /dev/null:1 /dev/tty"), root) == []


def test_what_is_clicked_leads_somewhere_or_nowhere(root: str) -> None:
    text = "in a.py:3 or gone.py:1, see https://example.org"
    assert (link := link_at(text, text.index("py"), root)) is not None
    assert (link.target, link.line) == (f"{root}/a.py", 3)
    assert link_at(text, text.index("gone"), root) is None
    assert link_at(text, 0, root) is None
    assert (link := link_at(text, len(text) - 1, root)) is not None
    assert link.kind == "url"
