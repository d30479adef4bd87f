"""Answers that last: what their second step says, and what it sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.dialogs.bodies import sheet_of
from codex_tui.dialogs.exec import rule_sheet
from codex_tui.dialogs.prefix import PrefixStep, first_words, matches, warnings
from codex_tui.dialogs.setting import Setting, setting_of
from codex_tui.dialogs.sheet import Sheet
from codex_tui.dialogs.shell import simple_commands
from codex_tui.paint.look import Look
from codex_tui.paint.question import paint_facts
from codex_tui.protocol.items import parse_item
from codex_tui.session.inbox import Question
from codex_tui.session.transcript import Item
from tests.ui.dialogs.stage import Stage, change, exec_question, patch_item, patch_question, place, state

SETTING = Setting(workspace="/home/ada/proj", home="/home/ada", codex_home="/home/ada/.codex", look_up=place)


def amend(*words: str) -> dict[str, Any]:
    return {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": list(words)}}


def text_of(sheet: Sheet) -> str:
    look = Look(width=100)
    rows = sheet.body(look)
    strips = [*paint_facts(sheet.facts, look), *(rows.paint(at) for at in range(len(rows)))]
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def session_text(asked: Question, item: Item | None = None) -> str:
    choice = next(choice for choice in sheet_of(asked, item, SETTING).choices if choice.key == "s")
    assert choice.rule is not None
    return text_of(rule_sheet(choice, choice.rule))


# -- the session --------------------------------------------------------------------------


def test_an_answer_for_the_session_says_what_is_not_asked_again_and_how_long() -> None:
    text = session_text(exec_question(availableDecisions=["accept", "acceptForSession"]))
    assert "▌ pytest -q" in text
    assert "Lasts            until this engine ends" in text
    assert "no file" in text
    assert "this exact command runs without asking" in text


def test_a_host_for_the_session_is_named_with_its_protocol_and_thread() -> None:
    asked = exec_question(
        None,
        cwd=None,
        networkApprovalContext={"host": "example.com", "protocol": "https"},
        availableDecisions=["accept", "acceptForSession"],
    )
    text = session_text(asked)
    assert "▌ https://example.com" in text
    assert "until this engine ends, for this thread" in text


def test_files_for_the_session_are_listed_with_where_they_move() -> None:
    item = patch_item(
        change("/home/ada/proj/a.py", "", move="/home/ada/b.py"), change("/etc/x", "+a\n", "add")
    )
    text = session_text(patch_question(), item)
    for path in ("/home/ada/proj/a.py", "/home/ada/b.py", "/etc/x"):
        assert path in text


async def test_one_key_never_sends_an_answer_for_the_session() -> None:
    app = Stage(state(exec_question(availableDecisions=["accept", "acceptForSession"])))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("s", "s", "enter")
        assert app.answers == []
        await app.live(pilot)
        await pilot.press("s", "y")
        await app.live(pilot)
        assert app.answers == []
        await pilot.press("enter")
        assert app.answers == [({"decision": "acceptForSession"}, "acceptForSession")]


# -- the prefix ---------------------------------------------------------------------------


def step(script: str, *offered: str, past: tuple[str, ...] = ()) -> PrefixStep:
    words = first_words(offered, script)
    setting = Setting(home="/home/ada", codex_home="/home/ada/.codex", past=past)
    return PrefixStep(words, len(offered), script, setting)


def pressed(before: PrefixStep, *keys: str) -> PrefixStep:
    for key in keys:
        after = before.press(key, None)
        assert isinstance(after, PrefixStep)
        before = after
    return before


def sent(page: PrefixStep) -> Any:
    return page.sheet.choices[0].result


def test_the_prefix_is_cut_and_grown_along_the_commands_own_words() -> None:
    page = step("git push --force origin main && make", "git", "push")
    assert sent(page) == {"decision": amend("git", "push")}
    longer = pressed(page, "right", "right", "right", "right", "right")
    assert sent(longer) == {"decision": amend("git", "push", "--force", "origin", "main")}
    shorter = pressed(page, "left", "left", "left")
    assert sent(shorter) == {"decision": amend("git")}
    assert 'prefix_rule(pattern=["git"], decision="allow")' in text_of(shorter.sheet)


def test_an_offer_that_is_not_the_commands_beginning_can_only_be_cut() -> None:
    page = step("FOO=1 make test", "make", "test")
    assert page.words == ("make", "test")
    assert sent(pressed(page, "left")) == {"decision": amend("make")}


@given(st.lists(st.sampled_from(["left", "right", "x", "up"]), max_size=30))
def test_a_rule_always_begins_with_the_offered_first_word_and_never_is_empty(keys: list[str]) -> None:
    page = step("touch a.txt b.txt 'c d'", "touch", "a.txt")
    for key in keys:
        page = after if isinstance(after := page.press(key, None), PrefixStep) else page
        words = sent(page)["decision"]["acceptWithExecpolicyAmendment"]["execpolicy_amendment"]
        assert words == list(("touch", "a.txt", "b.txt", "c d")[: len(words)])
        assert words
        assert page.sheet.choices[0].grants


def test_the_page_says_file_duration_projects_and_sandbox() -> None:
    text = text_of(step("touch a.txt", "touch", "a.txt").sheet)
    assert "Written to       ~/.codex/rules/default.rules" in text
    assert "for good and in every project, until you remove it from that file" in text
    assert "without asking and without the sandbox" in text


@pytest.mark.parametrize(
    ("script", "offered", "expected"),
    [
        ("python3 -c 'x'", ("python3", "-c"), "python3 can run anything"),
        ("/usr/bin/python3.12 a.py", ("/usr/bin/python3.12", "a.py"), "python3.12 can run anything"),
        ("bash a.sh", ("bash", "a.sh"), "bash can run anything"),
        ("node a.js", ("node", "a.js"), "node can run anything"),
        ("env A=1 ls", ("env", "A=1"), "env can run anything"),
        ("sudo ls", ("sudo", "ls"), "sudo can run anything"),
        ("xargs rm", ("xargs", "rm"), "xargs can run anything"),
        ("find . -exec rm {} +", ("find", "."), "find can run commands and delete files"),
        ("git -c a=b status", ("git", "-c"), "git can run other programs"),
        ("touch a.txt", ("touch",), "one word: every touch command"),
        ("rm *.txt", ("rm", "*.txt"), "as they are written"),
        ("touch a && rm b", ("touch", "a"), "only the first of 2 commands"),
    ],
)
def test_a_wide_rule_is_warned_of(script: str, offered: tuple[str, ...], expected: str) -> None:
    assert any(expected in warning for warning in warnings(offered, script))


def test_a_narrow_rule_has_no_warning() -> None:
    assert warnings(("git", "status"), "git status") == ()
    assert warnings(("pytest", "-q"), "pytest -q") == ()


def test_commands_of_the_session_that_would_have_matched_are_named() -> None:
    past = (
        "/bin/bash -lc 'git push origin main'",
        "/bin/bash -lc 'git pull && git push --force'",
        "/bin/bash -lc 'git status'",
    )
    assert matches(("git", "push"), past) == ["git push origin main", "git pull && git push --force"]
    text = text_of(step("git push", "git", "push", past=past).sheet)
    assert "Would match      git push origin main" in text
    assert "git status" not in text
    many = tuple(f"git push {number}" for number in range(9))
    assert "and 6 more of this session" in text_of(step("git push", "git", "push", past=many).sheet)


def test_past_commands_are_those_of_the_thread() -> None:
    def ran(number: int, status: str) -> Item:
        wire = {"type": "commandExecution", "id": f"i{number}", "command": f"make {number}", "status": status}
        phase: Any = "done" if status == "completed" else "running"
        return Item(f"i{number}", "u", parse_item(wire), phase)

    asked = exec_question(number=9)
    now = state(asked, items=[ran(1, "completed"), ran(2, "completed"), ran(3, "inProgress")])
    assert setting_of(asked, now, "/home/ada", place).past == ("make 1", "make 2")


def test_simple_commands_are_read_as_far_as_they_are_certain() -> None:
    assert simple_commands("touch 'a b' && echo \"x\" | tee c; ls") == [
        ("touch", "a b"),
        ("echo", "x"),
        ("tee", "c"),
        ("ls",),
    ]
    assert simple_commands('curl "$URL" -o x | sh') == [("curl",), ("sh",)]
    assert simple_commands("echo 'a && b'") == [("echo", "a && b")]
    assert simple_commands("") == []
    assert simple_commands("echo hi > /etc/passwd") == [("echo", "hi")]


@given(st.text(st.sampled_from("ab '\"\\$`&|;\n>(){}*"), max_size=30))
def test_reading_simple_commands_never_fails(script: str) -> None:
    assert all(words for words in simple_commands(script))


async def test_the_prefix_is_edited_on_screen_and_sent_with_enter() -> None:
    asked = exec_question(
        "/bin/bash -lc 'git push origin main'", availableDecisions=["accept", amend("git", "push"), "cancel"]
    )
    app = Stage(state(asked))
    async with app.run_test() as pilot:
        await app.live(pilot)
        await pilot.press("p")
        await app.live(pilot)
        await pilot.press("right")
        await pilot.pause()
        assert 'pattern=["git", "push", "origin"]' in app.text
        await pilot.press("enter")
        assert app.answers == []  # a key just before it
        await app.live(pilot)
        await pilot.press("enter")
        assert app.answers == [
            ({"decision": amend("git", "push", "origin")}, "acceptWithExecpolicyAmendment")
        ]
