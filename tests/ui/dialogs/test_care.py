"""Warnings about what is hidden, wherever it stands; the second look at what is written to be misread."""

from __future__ import annotations

import pytest

from codex_tui.dialogs.care import (
    cautioned,
    hidden_among,
    is_sensitive,
    lookalikes,
    looked_at_twice,
    shown_path,
    turns_around,
)
from codex_tui.dialogs.choices import NO_EFFECT, Choice
from codex_tui.dialogs.exec import exec_sheet
from codex_tui.dialogs.patch import patch_sheet
from codex_tui.dialogs.setting import Place, Setting
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.look import Look, Palette
from codex_tui.paint.question import Fact, NumberedText, Painted
from codex_tui.protocol.approvals import CommandApproval, FileChangeApproval
from codex_tui.protocol.items import FileChange
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, line, own

SETTING = Setting(workspace="/srv", home="/home/dev", look_up=Place)


def sheet(*facts: Fact, title: SafeText = own("Title")) -> Sheet:
    return Sheet(title, facts, lambda look: Painted([]), own(""), ())


def careful(shown: Sheet) -> str:
    """All that is said in warning."""
    texts: list[str] = []
    label = ""
    for fact in shown.facts:
        label = fact.label or label
        if label == "Careful":
            texts += fact.rows
    return "\n".join(texts)


def command(**params: object) -> Sheet:
    request = CommandApproval.model_validate({"threadId": "t", "turnId": "u", "itemId": "i", **params})
    made = exec_sheet(request, SETTING)
    assert made is not None
    return cautioned(made)


def patch(path: str, diff: str = "@@ -1 +1 @@\n-a\n+b\n") -> Sheet:
    change = {"path": path, "kind": {"type": "update", "move_path": None}, "diff": diff}
    body = FileChange.model_validate(
        {"type": "fileChange", "id": "i", "changes": [change], "status": "inProgress"}
    )
    request = FileChangeApproval.model_validate({"threadId": "t", "turnId": "u", "itemId": "i"})
    return cautioned(patch_sheet(request, Item("i", "u", body), SETTING))


def test_a_fact_with_an_escape_is_warned_of_by_its_label() -> None:
    said = sheet(Fact(own("Directory"), (line("/a\x1b[2J"),)), Fact(own("Shell"), (line("/bin/sh"),)))
    assert careful(cautioned(said)) == "invisible characters, written as escapes, in: Directory"


def test_a_title_with_an_escape_is_warned_of() -> None:
    assert "the title" in careful(cautioned(sheet(title=line("a\u202eb"))))


def test_a_sheet_with_nothing_hidden_stays_as_it_is() -> None:
    plain = sheet(Fact(own("Directory"), (line("/srv/a-é-漢"),)))
    assert cautioned(plain) is plain


def test_right_to_left_letters_in_a_fact_are_warned_of() -> None:
    assert "right-to-left" in careful(cautioned(sheet(Fact(own("Directory"), (line("/a/\u05d0"),)))))


@pytest.mark.parametrize(("where", "label"), [("reason", "The agent says"), ("cwd", "Directory")])
def test_what_is_hidden_in_a_reason_or_a_directory_is_warned_of(where: str, label: str) -> None:
    assert label in careful(command(command="ls", **{where: "/a\x9b2J\u200b"}))


@pytest.mark.parametrize("text", ["ѕudо apt", "pаypal", "ｃｕｒｌ x", "𝐫𝐦 -rf"])
def test_letters_that_look_like_others_are_warned_of(text: str) -> None:
    assert lookalikes(text)
    assert careful(command(command=text))


@pytest.mark.parametrize("text", ["sudo apt", "echo привет", "echo 漢字 カナ", "µ λ", "naïve café"])
def test_honest_letters_are_not_warned_of(text: str) -> None:
    assert not lookalikes(text)


@pytest.mark.parametrize("turn", "\u202e\u202d\u202b\u202a\u2066\u2067\u2068\u2069\u200f\u061c")
def test_a_command_that_turns_around_takes_a_second_page(turn: str) -> None:
    made = command(
        command=f"rm {turn}gnp.egami x", availableDecisions=["accept", "acceptForSession", "cancel"]
    )
    for choice in made.choices:
        if choice.grants and choice.rule is None:
            assert choice.result is None
            assert choice.leads is not None
            again = choice.leads().sheet
            assert [choice.key for choice in again.choices] == ["enter", "escape"]
            assert again.choices[0].result
            assert again.choices[0].grants
            assert not again.choices[1].outcome
    assert any(choice.leads is not None for choice in made.choices if choice.key == "y")


def test_a_plain_command_is_granted_at_once() -> None:
    once = next(choice for choice in command(command="ls").choices if choice.key == "y")
    assert once.leads is None
    assert not turns_around("ls é \u05d0")


def test_refusals_need_no_second_look() -> None:
    no = Choice("d", own("No"), own("no"), NO_EFFECT, {}, "decline")
    assert looked_at_twice((no,), own("why"), "x") == (no,)


@pytest.mark.parametrize(
    "path",
    [
        ".git/hooks/pre-commit",
        "a/.git/config",
        ".codex/config.toml",
        ".envrc",
        "x/.bashrc",
        ".ssh/id",
        ".vscode/x",
    ],
)
def test_files_that_run_later_are_named(path: str) -> None:
    assert is_sensitive(path)
    assert "may run or be trusted later" in careful(patch(f"/srv/{path}"))


@pytest.mark.parametrize("path", ["src/git/hooks.py", "docs/codex/config.toml", "environment.py", "a.gitx"])
def test_other_files_are_not(path: str) -> None:
    assert not is_sensitive(path)
    assert not careful(patch(f"/srv/{path}"))


def test_a_patch_names_what_is_hidden_in_its_paths() -> None:
    assert "in a file's name" in careful(patch("/srv/a\u202egnp.exe"))
    assert "in a file's name" in careful(patch("/srv/a\n+ b"))


def test_a_patch_without_content_says_so_and_takes_a_second_page() -> None:
    made = patch("/srv/a.py", "")
    assert "no content was sent" in careful(made)
    assert all(choice.leads is not None for choice in made.choices if choice.key == "y")


def test_what_a_form_hides_anywhere_is_warned_of() -> None:
    assert hidden_among("x", {"properties": {"a": {"enum": ["\x1b"]}}})
    assert hidden_among({"properties": {"a\u200b": 1}})
    assert not hidden_among("two\nlines\tand a tab", {"type": "object", "required": ["é"], "n": 1, "x": None})


@pytest.mark.parametrize("char", ["\t", "\xa0", "\u200b", "\u0301", "\U000e0100"])
def test_many_hidden_characters_of_a_kind_are_counted_and_tell_their_number(char: str) -> None:
    look = Look(palette=Palette(), width=200)
    drawn = {NumberedText(f"a{char * count}b", look).paint(0).text for count in (1, 2, 8, 9, 10, 500)}
    assert len(drawn) == 6
    assert all(len(text.rstrip()) < 120 for text in drawn)


def test_blanks_in_a_path_are_countable_and_two_paths_never_look_the_same() -> None:
    paths = ["a.py", "a.py ", "a.py  ", "a.py␣1␣", "a     b", "a    b", "a␣5␣b", "a<U+2423>1<U+2423>"]
    assert len({shown_path(path) for path in paths}) == len(paths)
    assert shown_path("src/main.py ") == "src/main.py␣1␣"
