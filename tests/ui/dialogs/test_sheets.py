"""What a dialog says of a question, painted without a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from codex_tui.dialogs.bodies import basis_of, sheet_of
from codex_tui.dialogs.care import shown_path
from codex_tui.dialogs.setting import Setting, policy_word, sandbox_word, setting_of
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.look import ASCII_MARKS, Look, Marks, Palette
from codex_tui.paint.question import INDENT_SHOWN, NumberedText, mark_blanks, measure, oddities, paint_facts
from codex_tui.session.inbox import Question
from codex_tui.session.transcript import Item
from tests.ui.dialogs.stage import change, exec_question, patch_item, patch_question, place, question, state

PALETTE = Palette()
_HOSTILE = st.text(
    st.one_of(st.sampled_from("ab \\<U+20E>␣\t\r\x1b\u202e\u200b\u00a0é漢"), st.characters()), max_size=40
)
_SIGNS = st.sampled_from(["a", " ", "    ", "<_4_>", "<", "_", "4", "_>", "\t" * 9, "\\x3c"])
_PIECES = st.lists(_SIGNS, max_size=12).map("".join)


def setting(**more: Any) -> Setting:
    given: dict[str, Any] = {
        "workspace": "/home/ada/proj",
        "home": "/home/ada",
        "policy": "on-request",
        "sandbox": "workspace-write",
        "look_up": place,
    }
    return Setting(**{**given, **more})


def shown(text: str, width: int = 200, marks: Marks | None = None) -> list[str]:
    rows = NumberedText(text, Look(width=width, marks=marks or Marks()))
    return ["".join(segment.text for segment in rows.paint(index)) for index in range(len(rows))]


def facts(sheet: Sheet, width: int = 100) -> str:
    strips = paint_facts(sheet.facts, Look(width=width))
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def said(asked: Question, item: Item | None = None, **more: Any) -> str:
    return facts(sheet_of(asked, item, setting(**more)))


def body(sheet: Sheet, width: int = 100) -> str:
    rows = sheet.body(Look(width=width))
    return "\n".join("".join(segment.text for segment in rows.paint(index)) for index in range(len(rows)))


# -- the text of a command ---------------------------------------------------------------


def test_lines_are_numbered_and_wrapped_lines_are_not() -> None:
    assert shown("abcdef\ng", width=9) == ["  1 ▌ abc", "    ▌ def", "  2 ▌ g"]


@given(_PIECES, _PIECES)
def test_two_different_commands_never_look_the_same_in_ascii_either(one: str, other: str) -> None:
    assume(one != other)
    assert shown(one, marks=ASCII_MARKS) != shown(other, marks=ASCII_MARKS)
    assert shown_path(one, plain=True) != shown_path(other, plain=True)


def test_blanks_are_counted_with_ascii_signs_where_these_are_wanted() -> None:
    assert shown("a" + " " * 12 + "b<_12_>", marks=ASCII_MARKS) == [r"  1 | a<_12_>b\x3c_12_>"]
    assert shown_path("a     b ", plain=True) == "a<_5_>b<_1_>"


@given(_HOSTILE, _HOSTILE)
def test_two_different_commands_never_look_the_same(one: str, other: str) -> None:
    assume(one != other)
    assert shown(one) != shown(other)


@given(_HOSTILE, st.data())
def test_one_character_more_or_less_always_shows(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    char = data.draw(st.sampled_from(" \t␣\u200b\u202e\\a\n"))
    assert shown(text) != shown(text[:at] + char + text[at:])


@given(_HOSTILE, st.integers(12, 60))
def test_nothing_is_left_out_at_any_width(text: str, width: int) -> None:
    rows = shown(text, width)
    whole = "".join(row.split("▌ ", 1)[1] if "▌ " in row else "" for row in rows)
    parts = ["".join(part for part, _ in mark_blanks(part, PALETTE)) for part in text.split("\n")]
    assert whole.replace(" ", "") == "".join(parts).replace(" ", "")


def test_runs_of_blanks_are_counted_and_short_indents_drawn() -> None:
    assert shown("echo hi" + " " * 400 + "; rm -rf ~") == ["  1 ▌ echo hi␣400␣; rm -rf ~"]
    assert shown("    indented") == ["  1 ▌     indented"]
    assert shown(" " * (INDENT_SHOWN + 1) + "x") == [f"  1 ▌ ␣{INDENT_SHOWN + 1}␣x"]
    assert shown("ls    ") == ["  1 ▌ ls␣4␣"]
    assert shown("cat < a \n") == ["  1 ▌ cat < a␣1␣", "  2 ▌ "]
    assert shown("a␣4␣b") == ["  1 ▌ a<U+2423>4<U+2423>b"]


def test_a_command_is_measured_as_it_arrived() -> None:
    assert measure("a") == "1 line · 1 character"
    assert measure("a\nbc") == "2 lines · 4 characters"
    assert measure("x" * 12_345) == "1 line · 12,345 characters"


def test_a_reader_is_warned_of_what_is_easily_missed() -> None:
    assert oddities("echo é 漢字 👍 && ls\n  -la") == ()
    assert oddities("a\x1b[2J\u202eb")[0].startswith("2 invisible characters")
    assert "400 blanks in a row" in oddities("a" + " " * 400 + "b")
    assert "right-to-left" in oddities("echo \u05d0\u05d1")[0]


# -- commands ----------------------------------------------------------------------------


def test_directory_reason_and_shell_are_named() -> None:
    text = said(exec_question(reason="to see\nwhat fails"))
    assert "The agent says   to see\n                 what fails" in text
    assert "Directory        ~/proj" in text
    assert "Shell            /bin/bash -lc" in text


def test_a_reason_cannot_pass_for_one_of_our_own_facts() -> None:
    text = said(exec_question(reason="ok\nDirectory        ~/safe", cwd="/etc"))
    assert not any(line.startswith("Directory        ~/safe") for line in text.split("\n"))


def test_the_real_path_and_places_outside_are_told() -> None:
    text = said(exec_question(cwd="/home/ada/link"))
    assert "really           /srv/checkouts/proj" in text
    assert "outside the workspace ~/proj" in text
    assert "outside" not in said(exec_question(cwd="/home/ada/proj/sub"), policy="never")
    assert "outside the workspace" in said(exec_question(cwd="/home/ada/project2"))


def test_what_is_known_of_the_sandbox_is_told() -> None:
    asked = exec_question(reason="please")
    assert "Runs             outside the sandbox" in said(asked)
    assert "Runs             in the sandbox; if that stops it" in said(asked, policy="untrusted")
    assert "Runs             without a sandbox" in said(asked, sandbox="danger-full-access")
    by_rule = exec_question(reason="`/bin/bash -lc 'x'` requires approval: team rule")
    assert "Runs" not in said(by_rule)


def test_additional_permissions_are_listed() -> None:
    text = said(
        exec_question(
            additionalPermissions={
                "network": {"enabled": True},
                "fileSystem": {
                    "write": ["/opt"],
                    "entries": [{"path": {"type": "path", "path": "/opt"}, "access": "write"}],
                },
            }
        )
    )
    assert "May also         reach the network\n                 write /opt" in text
    assert text.count("write /opt") == 1
    assert "in the sandbox, with the permissions below" in text


def test_the_engines_own_reading_is_shown_with_what_it_could_not_read() -> None:
    read = [{"type": "read", "command": "cat a", "name": "a.py", "path": "a.py"}]
    unknown = [{"type": "unknown", "command": "sort -u"}]
    assert "Read as          read a.py" in said(exec_question(commandActions=read))
    text = said(exec_question(commandActions=read + unknown))
    assert "Read as          read a.py\n                 not understood: sort -u" in text
    assert "Read as" not in said(exec_question(commandActions=unknown))


def test_paths_of_the_reading_outside_the_workspace_and_links_are_told() -> None:
    def reading(path: str) -> str:
        return said(exec_question(commandActions=[{"type": "read", "command": "cat", "path": path}]))

    assert "read ../../etc/x, outside the workspace" in reading("../../etc/x")
    assert "read /etc/passwd, outside the workspace" in reading("/etc/passwd")
    assert "read setup.cfg, a link to /etc/shared/setup.cfg, outside the workspace" in reading("setup.cfg")
    assert "outside" not in reading("sub/../a.py")


def test_what_the_automatic_reviewer_said_is_told_as_its_words() -> None:
    asked = patch_question()
    item = replace(
        patch_item(change("/home/ada/proj/a.py", HUNK)),
        note="automatic review: denied, high risk: writes\x1b outside",
    )
    told = setting_of(asked, state(asked, items=[item]), "/home/ada", place)
    text = facts(sheet_of(asked, item, told))
    assert "Auto-review      denied, high risk: writes\\x1b outside" in text
    assert "Auto-review" not in said(exec_question())


def test_a_sub_agent_an_environment_and_unknown_offers_are_named() -> None:
    text = said(exec_question(environmentId="cloud-1", availableDecisions=["accept", "sudo"]), asker="tester")
    assert "Asked by         sub-agent tester" in text
    assert "Environment      cloud-1" in text
    assert "Also offered     sudo" in text


def test_input_for_a_terminal_is_not_called_a_command() -> None:
    sheet = sheet_of(
        exec_question("write_stdin --session-id 6 'rm -rf x\\n'", kind="writeStdin"), None, setting()
    )
    assert sheet.title == "Type this into the running terminal?"
    assert "write_stdin --session-id 6 'rm -rf x\\n'" in body(sheet)


def test_a_host_is_shown_with_the_command_that_wants_it() -> None:
    asked = exec_question(None, networkApprovalContext={"host": "example.com", "protocol": "https"}, cwd=None)
    sheet = sheet_of(asked, None, setting(running="/bin/bash -lc 'npm ci'"))
    assert "Host             example.com over https" in facts(sheet)
    assert "npm ci" in body(sheet)
    assert body(sheet_of(asked, None, setting())) == ""


# -- patches -----------------------------------------------------------------------------

HUNK = "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def test_every_file_is_named_with_what_is_special_about_it() -> None:
    item = patch_item(
        change("/home/ada/proj/calc.py", HUNK),
        change("/home/ada/proj/run.sh", "x\n", "add"),
        change("/home/ada/proj/old.py", "x\ny\n", "delete"),
        change("/home/ada/proj/a.py", "", "update", move="/home/ada/b.py"),
        change("/home/ada/proj/setup.cfg", HUNK),
        change("/etc/passwd", HUNK),
        change("/home/ada/proj/q", "?", "transmogrify"),
    )
    text = body(sheet_of(patch_question(), item, setting()))
    for expected in (
        "± calc.py  +1  −1",
        "± run.sh  +1  new  executable",
        "± old.py  −2  deleted",
        "± a.py  +0  moved to ~/b.py  moved outside the workspace",
        "± ~/proj/setup.cfg  +1  −1  outside the workspace  a link to /etc/shared/setup.cfg",
        "± /etc/passwd  +1  −1  outside the workspace",
        "of an unknown kind",
    ):
        assert expected in text
    for line in ("1   a", "2 − b", "2 + c"):
        assert line in text


def test_a_patch_says_whose_words_and_what_more_it_wants() -> None:
    item = patch_item(change("/home/ada/proj/a.py", HUNK + "+\u202e\n"))
    text = said(patch_question(reason="fix it", grantRoot="/srv"), item)
    assert "The agent says   fix it" in text
    assert "Asks for more    write access below /srv" in text
    assert "Careful          1 invisible character" in text


def test_a_patch_without_its_item_says_so() -> None:
    assert "has not said what would change" in said(patch_question())


def test_a_patch_that_changed_meanwhile_is_another_basis() -> None:
    asked = patch_question()
    one, other = patch_item(change("/a", HUNK)), patch_item(change("/a", HUNK + "+d\n"))
    basis = sheet_of(asked, one, setting()).basis
    assert basis == basis_of(asked, one)
    assert basis != basis_of(asked, other)
    assert basis != basis_of(asked, None)


# -- everything else ---------------------------------------------------------------------


def test_an_unknown_question_is_shown_whole_and_escaped() -> None:
    asked = question("some/new\x1bthing", None, {"threadId": "t", "payload": ["\u202e", {"deep": [1, 2]}]})
    sheet = sheet_of(asked, None, setting())
    assert r"some/new\x1bthing" in facts(sheet)
    for part in ('"deep"', "<U+202E>", '"threadId": "t"'):
        assert part in body(sheet)


def test_policies_and_sandboxes_of_both_spellings_are_read() -> None:
    policies: list[Any] = ["never", {"granular": {}}, None]
    assert [policy_word(policy) for policy in policies] == ["never", "granular", ""]
    assert sandbox_word("workspace-write") == sandbox_word({"type": "workspaceWrite"}) == "workspace-write"
    assert sandbox_word(None) == ""
