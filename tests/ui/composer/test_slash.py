"""Drafts that are commands: what they mean, and what is proposed while one is typed."""

from __future__ import annotations

import pytest

from codex_tui.actions import ACTIONS, SLASH
from codex_tui.composer.slash import Unknown, listed, meant


def no_path(_: str) -> bool:
    return False


def words(draft: str) -> list[str]:
    return [command.word for command in listed(draft)]


@pytest.mark.parametrize(
    "draft",
    [
        "fix it",
        " /new",
        "/etc/hosts is wrong",
        "/2 of it",
        "//comment",
        "/a.b",
        "!ls",
        "",
        "/päth",
        "/new-/x",
    ],
)
def test_these_are_prompts(draft: str) -> None:
    assert meant(draft, no_path) is None
    assert listed(draft) == []


def test_a_word_takes_what_stands_behind_it_and_capitals_do_not_count() -> None:
    found = meant("/Find  two words\nand more ", no_path)
    assert found is not None
    assert not isinstance(found, Unknown)
    assert (found[0].word, found[1]) == ("find", "two words\nand more")


def test_the_beginning_of_one_word_is_enough_unless_it_is_careful() -> None:
    found = meant("/di", no_path)
    assert not isinstance(found, Unknown | None)
    assert found[0].word == "diff"
    careful = meant("/qui", no_path)
    assert isinstance(careful, Unknown)
    assert "/quit wants its whole word" in careful.reason


@pytest.mark.parametrize("draft", ["/", "/nothing", "/re\u200b", "/quit now", "/n o"])
def test_what_is_no_command_is_not_sent_and_not_run(draft: str) -> None:
    found = meant(draft, no_path)
    assert found is None or isinstance(found, Unknown)


def test_a_directory_is_no_unknown_command() -> None:
    assert isinstance(meant("/tmp is full", no_path), Unknown)
    assert meant("/tmp is full", lambda path: path == "/tmp") is None
    found = meant("/new", lambda _: True)
    assert not isinstance(found, Unknown | None)


def test_the_list_goes_on_from_what_is_typed_and_ends_with_the_word() -> None:
    assert words("/") == [command.word for command in SLASH]
    assert words("/di") == ["diff"]
    assert words("/nothing") == []
    assert words("/find ") == []
    assert words("/new\n") == []


def test_every_command_stands_in_the_table_of_keys() -> None:
    listed_keys = [action.keys[0] for action in ACTIONS if action.scope == "slash"]
    assert listed_keys == [command.written for command in SLASH]
    assert len({command.word for command in SLASH}) == len(SLASH)
