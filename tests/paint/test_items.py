"""Each kind of item has its own look: brief, normal and unfolded."""

from __future__ import annotations

from typing import Any

import pytest

from codex_tui.paint.cells import cells_of, foldable, gap_before, paint_cell, plain_text
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.message import paint_pending
from codex_tui.paint.notice import paint_turn_end
from codex_tui.paint.shell import bare_command
from codex_tui.protocol.items import parse_item
from codex_tui.session.transcript import Checklist, Item, Notice, Pending, PlanStep, Turn

LOOK = Look(width=80, root="/home/dev/p")


def item(
    phase: Any = "done", outcome: str = "", ms: int | None = None, turn: str = "t", key: str = "i", **raw: Any
) -> Item:
    body = raw.pop("body", None) or parse_item({"id": "i", **raw})
    completed = None if ms is None else 1_700_000_000_000 + ms
    return Item(key, turn, body, phase, 0, 1_700_000_000_000, completed, outcome)


def rows(one: Item, fold: Fold = "normal", width: int = 80) -> list[str]:
    look = Look(width=width, root="/home/dev/p")
    return [strip.text for cell in cells_of(one) for strip in paint_cell(cell, look, fold)]


def command(text: str = "pytest -q", output: str | None = None, **raw: Any) -> dict[str, Any]:
    return {
        "type": "commandExecution",
        "command": f"/bin/bash -lc '{text}'",
        "aggregatedOutput": output,
        "status": "completed",
        "exitCode": 0,
        **raw,
    }


def test_a_prompt_has_its_mark_and_the_time_of_day() -> None:
    (row,) = rows(item(type="userMessage", content=[{"type": "text", "text": "fix it"}]))
    assert row.startswith("  ❯ fix it ")
    assert row.endswith(" 22:13")
    assert len(row) == 78


def test_a_long_prompt_is_folded_and_says_so() -> None:
    long = item(type="userMessage", content=[{"type": "text", "text": "line\n" * 99}])
    assert len(rows(long)) == 13
    assert rows(long)[-1] == "    … 88 more lines ▸"
    assert len(rows(long, "full")) == 100
    assert len(rows(long, "brief")) == 1


def test_other_inputs_than_text_are_named() -> None:
    parts = [{"type": "text", "text": "see"}, {"type": "localImage", "path": "/a/b.png"}]
    assert rows(item(type="userMessage", content=parts))[1] == "    [localImage: /a/b.png]"


def test_a_command_shows_outcome_cost_and_its_last_lines() -> None:
    output = "".join(f"line {index}\n" for index in range(34))
    one = item(**command(output=output, durationMs=1200, exitCode=1, status="failed"))
    shown = rows(one)
    assert shown[0] == "  $ pytest -q                                    ✗ exit 1 · 1.2 s · 34 lines ▸"
    assert shown[1:] == [f"      line {index}" for index in range(29, 34)]
    assert rows(one, "brief") == shown[:1]
    assert len(rows(one, "full")) == 35
    assert rows(one, "full")[0].endswith("▾")


def test_right_hand_facts_go_one_by_one_and_the_outcome_last() -> None:
    one = item(**command("python -m pytest tests/test_calc.py", "x\n" * 34, durationMs=1200))
    brief = [rows(one, "brief", width)[0].strip() for width in (90, 70, 62, 40, 22)]
    assert "✓ exit 0 · 1.2 s · 34 lines" in brief[0]
    assert "✓ exit 0 · 1.2 s ▸" in brief[2]
    assert "34 lines" not in brief[3]
    assert brief[3].endswith("✓ exit 0 ▸")
    assert "…" in brief[3]
    assert all(len(row) <= width for row, width in zip(brief, (90, 70, 62, 40, 22), strict=True))


@pytest.mark.parametrize(
    ("raw", "phase", "outcome", "said"),
    [
        ({"status": "declined", "exitCode": None}, "done", "decline", "✗ declined, not run"),
        ({"status": "declined", "exitCode": None}, "done", "cancel", "✗ cancelled, not run"),
        ({"status": "inProgress", "exitCode": None}, "dropped", "", "? not known to have run"),
        (
            {"status": "inProgress", "exitCode": None, "aggregatedOutput": "x"},
            "dropped",
            "",
            "? end not seen",
        ),
        ({"status": "inProgress", "exitCode": None, "processId": "1"}, "running", "", "▶ running"),
        ({"status": "inProgress", "exitCode": None, "source": "agent"}, "running", "", "waiting"),
        ({"status": "inProgress", "exitCode": None, "source": "agent"}, "running", "accept", "▶ running"),
        ({"status": "failed", "exitCode": -1}, "done", "", "✗ failed"),
        ({"status": "failed", "exitCode": 2}, "done", "", "✗ exit 2"),
        ({"status": "frozen", "exitCode": None}, "done", "", "frozen"),
    ],
)
def test_how_a_command_ended_is_said_in_words(
    raw: dict[str, Any], phase: str, outcome: str, said: str
) -> None:
    assert said in rows(item(phase, outcome, **{**command(), **raw}), width=40)[0]


def test_commands_that_only_look_keep_their_output_to_themselves_unless_they_fail() -> None:
    looking: dict[str, Any] = {"commandActions": [{"type": "read", "command": "cat a"}]}
    assert len(rows(item(**command(output="a\nb\n", **looking)))) == 1
    assert len(rows(item(**command(output="a\nb\n", **looking)), "full")) == 3
    assert len(rows(item(**command(output="a\nb\n", **looking, exitCode=1, status="failed")))) == 3


def test_what_the_person_ran_has_a_sign_of_its_own_and_shows_more_of_its_output() -> None:
    listing: dict[str, Any] = {"commandActions": [{"type": "listFiles", "command": "ls"}]}
    shown = rows(item(**command("ls", output="a\n" * 15, source="userShell", **listing)))
    assert shown[0].split()[:3] == ["$", "!", "ls"]
    assert len(shown) == 16
    assert len(rows(item(**command("ls", output="a\n" * 400, source="userShell")))) < 25


def test_a_command_of_several_lines_shows_them() -> None:
    one = item(**command("for i in 1 2\ndo echo $i\ndone", "1\n2\n"))
    shown = rows(one)
    assert shown[0].startswith("  $ for i in 1 2 ↵ +2  ")
    assert shown[1:] == ["    do echo $i", "    done", "      1", "      2"]
    assert len(rows(one, "brief")) == 1


def test_huge_output_unfolded_keeps_both_ends_and_counts_the_rest() -> None:
    one = item(**command(output="".join(f"{index}\n" for index in range(5000))))
    shown = rows(one, "full")
    assert len(shown) == 2002
    assert shown[1].strip() == "0"
    assert shown[501] == "      … 3,000 more lines"
    assert shown[-1].strip() == "4999"


@pytest.mark.parametrize(
    ("wrapped", "bare"),
    [
        ("/bin/bash -lc 'ls -la'", "ls -la"),
        ("bash -c 'a && b'", "a && b"),
        ("/usr/bin/zsh -lc \"echo 'x'\"", "echo 'x'"),
        ("/bin/bash -lc 'a' b", "/bin/bash -lc 'a' b"),
        ("/bin/bash -lc 'a' && rm -rf /", "/bin/bash -lc 'a' && rm -rf /"),
        ("/bin/bash -lc 'a'; b", "/bin/bash -lc 'a'; b"),
        ("/bin/bash -lc 'unclosed", "/bin/bash -lc 'unclosed"),
        ("env bash -lc x", "env bash -lc x"),
        ("/tmp/evil/bash -lc 'a'", "/tmp/evil/bash -lc 'a'"),
        ("ls", "ls"),
    ],
)
def test_only_a_whole_and_known_shell_wrapper_is_left_out(wrapped: str, bare: str) -> None:
    assert bare_command(wrapped) == bare


def test_a_patch_of_one_file_shows_its_change() -> None:
    diff = "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    one = item(
        type="fileChange",
        status="completed",
        changes=[{"path": "/home/dev/p/x.txt", "kind": {"type": "update"}, "diff": diff}],
    )
    shown = rows(one)
    assert shown[0].startswith("  ± x.txt  +1 −1 ")
    assert shown[0].endswith("✓ applied ▸")
    assert shown[1:] == ["      1   a", "      2 − b", "      2 + c"]


def test_a_patch_of_several_files_lists_them_and_unfolds_to_all_lines() -> None:
    files = [
        {"path": f"/home/dev/p/{index}.txt", "kind": {"type": "add"}, "diff": "a\n" * 10}
        for index in range(3)
    ]
    one = item(type="fileChange", status="inProgress", changes=files, phase="running")
    assert rows(one)[0].startswith("  ± 3 files  +30 −0 ")
    assert rows(one)[0].endswith("▶ proposed ▸")
    assert rows(one)[1] == "      0.txt  +10 −0  added"
    assert len(rows(one)) == 4
    assert rows(one, "full").count("       1 + a") == 3
    declined = item("done", "decline", type="fileChange", status="declined", changes=files)
    assert "✗ declined, not applied" in rows(declined)[0]


def test_a_short_patch_of_several_files_shows_its_lines_at_once() -> None:
    files = [{"path": f"/home/dev/p/{name}", "kind": {"type": "add"}, "diff": f"{name}\n"} for name in "ab"]
    one = item(type="fileChange", status="completed", changes=files)
    assert [row.strip() for row in rows(one)[1:]] == ["a  +1 −0  added", "1 + a", "b  +1 −0  added", "1 + b"]


def test_a_plan_is_one_line_where_it_fits_and_a_list_where_not() -> None:
    steps = (
        PlanStep("reproduce", "completed"),
        PlanStep("fix div", "inProgress"),
        PlanStep("note", "pending"),
    )
    one = item(body=Checklist(steps, "because"))
    assert rows(one)[0].startswith("  ≡ plan 1/3   ✓ reproduce   ▶ fix div   ☐ note")
    assert rows(one, width=40)[1:] == ["    ✓ reproduce", "    ▶ fix div", "    ☐ note"]
    assert "because" in rows(one, "full")[1]
    assert rows(one, "brief", 40)[0].startswith("≡ plan 1/3   ▶ fix div")


def test_a_thought_is_one_dim_line_about_its_subject() -> None:
    one = item(type="reasoning", summary=["**Looking at tests**\n\nThey fail."], ms=4000)
    assert rows(one) == ["  · thought 4 s — Looking at tests ▸"]
    assert rows(one, "full") == [
        f"  · thought 4 s — Looking at tests ▾{'22:13:20':>40}",
        "      Looking at tests",
        "",
        "      They fail.",
    ]
    assert rows(item("running", type="reasoning", summary=[])) == ["  · thinking"]
    assert rows(item(type="reasoning", summary=[], ms=10)) == []


def test_a_tool_call_shows_server_tool_arguments_and_result() -> None:
    one = item(
        type="mcpToolCall",
        server="billing",
        tool="find",
        status="completed",
        arguments={"customer": "Ada", "n": 3},
        result={"content": [{"type": "text", "text": "a\nb\nc\nd\ne"}, {"type": "image", "data": "AAAA"}]},
    )
    shown = rows(one)
    assert shown[0].startswith("  ⚙ billing.find  customer=Ada, n=3 ")
    assert shown[0].endswith("✓ done ▸")
    assert shown[1:] == ["      a", "      b", "      c", "      … 3 more lines"]
    assert '          "customer": "Ada",' in rows(one, "full")
    assert rows(one, "full")[-1] == "        [image , 4 characters]"


def test_an_unknown_item_is_shown_with_all_it_brought() -> None:
    one = item(type="hologram", depth=3, colour={"a": "\x1b[0m"})
    assert rows(one)[0].startswith("  ? hologram  not known to this client")
    full = "\n".join(rows(one, "full"))
    assert '"depth": 3' in full
    assert "\\\\u001b[0m" in full or "\\u001b[0m" in full


def test_notices_have_marks_and_fold_their_detail() -> None:
    for severity, mark in (("info", "·"), ("warning", "!"), ("error", "✗")):
        one = item(body=Notice(severity, "something is odd", "line 1\nline 2"))  # type: ignore[arg-type]
        assert rows(one)[0].startswith(f"  {mark} something is odd")
        assert len(rows(one, "brief")) == 1
        assert rows(one, "full")[1:] == ["      line 1", "      line 2"]
        assert foldable(cells_of(one)[0])


def test_what_to_do_about_a_warning_is_in_sight_a_remarks_detail_is_not() -> None:
    long = "\n".join(f"line {n}" for n in range(40))
    for severity, count in (("info", 1), ("warning", 1 + 8 + 1), ("error", 1 + 8 + 1)):
        assert len(rows(item(body=Notice(severity, "odd", long)))) == count  # type: ignore[arg-type]


def test_small_items_are_one_line_each() -> None:
    small: list[tuple[dict[str, Any], str]] = [
        ({"type": "webSearch", "query": "textual"}, "◎ searched the web  textual"),
        ({"type": "imageView", "path": "/home/dev/p/a.png"}, "▣ looked at a.png"),
        ({"type": "subAgentActivity", "kind": "started", "agentPath": "/lead/x"}, "◇ agent /lead/x  started"),
        ({"type": "collabAgentToolCall", "tool": "wait", "status": "completed"}, "◇ waited for agents"),
        ({"type": "enteredReviewMode", "review": "current changes"}, "◇ review of current changes"),
        ({"type": "contextCompaction"}, "· context compacted"),
        ({"type": "sleep", "durationMs": 3000}, "· slept 3 s"),
    ]
    for raw, said in small:
        (row,) = rows(item(**raw))
        assert row.strip().startswith(said)


def test_a_review_and_a_proposed_plan_are_markdown_under_a_heading() -> None:
    assert rows(item(type="exitedReviewMode", review="One **bug**.")) == ["  ◇ review", "    One bug."]
    assert rows(item(type="plan", text="1. one"))[0] == "  ≡ proposed plan"


def test_a_word_on_how_it_goes_stands_below_the_brief_line() -> None:
    one = Item("i", "t", item(type="mcpToolCall", tool="x", arguments={}).body, "running", note="half done")
    assert rows(one)[1] == "      half done"
    assert len(rows(one, "brief")) == 1


def test_prompts_that_wait_say_what_for() -> None:
    shown = [strip.text for strip in paint_pending(Pending("c", "and then this", "queue", 0), LOOK)]
    assert shown == ["  ❯ and then this", "    … queued for after this turn"]


def test_a_turn_says_how_it_ended_unless_it_was_short_and_good() -> None:
    def end(status: str, ms: int | None) -> list[str]:
        return [strip.text for strip in paint_turn_end(Turn("t", status, duration_ms=ms), LOOK)]

    assert end("completed", 400) == []
    assert end("completed", 41_000) == [" " * 69 + "took 41 s"]
    assert end("interrupted", 12_000) == ["  · interrupted after 12 s"]
    assert end("failed", None) == ["  ✗ the turn failed"]
    assert end("inProgress", None) == end("unused", None) == []


def test_blank_rows_part_turns_prompts_and_messages_not_items() -> None:
    prompt = cells_of(item(type="userMessage", content=[{"type": "text", "text": "x"}], key="1"))[0]
    says = cells_of(item(type="agentMessage", text="x", key="2"))[0]
    more = cells_of(item(type="agentMessage", text="y", key="3"))[0]
    runs = cells_of(item(**command(), key="4"))[0]
    fails = cells_of(item(**command(), key="5"))[0]
    other = cells_of(item(turn="t2", **command()))[0]
    assert gap_before(None, prompt) == 0
    assert gap_before(prompt, runs) == gap_before(runs, prompt) == 1
    assert gap_before(says, runs) == gap_before(runs, says) == gap_before(runs, fails) == 0
    assert gap_before(says, more) == 1
    assert gap_before(runs, other) == 1


def test_copies_are_the_text_itself() -> None:
    assert plain_text(item(type="agentMessage", text="**a**\n\tb\x1b")) == "**a**\n\tb\\x1b"
    assert plain_text(item(**command(output="1\r\n2\n"))) == "$ pytest -q\n1\n2\n"
    patch = item(
        type="fileChange",
        changes=[{"path": "/a", "kind": {"type": "add"}, "diff": "x\n"}],
        status="completed",
    )
    assert plain_text(patch) == "add /a\n+x"
    assert (
        plain_text(item(body=Checklist((PlanStep("a", "completed"), PlanStep("b", "pending")))))
        == "[x] a\n[ ] b"
    )
