"""The checks themselves: that each of them can fail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile.checks import Seen, expected, is_shown, judge
from tests.hostile.loader import Case
from tests.hostile.messages import Composer
from tests.hostile.reading import Reader, inside, squeeze
from tests.hostile.vt import Watch


def verdicts(case: Case, **seen: Any) -> dict[str, str]:
    play = Composer(1, "/work").play(case)
    return {verdict.tag: verdict.failure for verdict in judge(case, play, Seen(80, **seen))}


def watched(*pieces: bytes) -> Watch:
    watch = Watch()
    for piece in pieces:
        watch.feed(piece)
    return watch


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[2K",
        b"\x1b[3J",
        b"\x1b[8D",
        b"\x1bc",
        b"\x1b(0",
        b"\x1b#8",
        b"\x1b]4;1;rgb:00/00/00\x1b\\",
        b"\x1b]52;c;?\x1b\\",
        b"\x1b]52;c;G10=\x07",
        b"\x1b]8;;https://a.example/\x1b\\",
        b'\x1bP$q"p\x1b\\',
        b"\x1b_Ga=T\x1b\\",
        "\x9b2J".encode(),
        "\u202e".encode(),
        "\u3164".encode(),
        "\u00a0".encode(),
        "\U000e0041".encode(),
        "a\u200db".encode(),
        b"\x00",
        b"\x08",
        b"\xff",
    ],
)
def test_what_is_not_on_the_list_is_a_violation(data: bytes) -> None:
    assert watched(b"a" + data + b"b").violations


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[1;38;2;1;2;3m",
        b"\x1b[38:5:1m",
        b"\x1b[12;40H",
        b"\x1b[?2026h",
        b"\x1b[?2026$p",
        b"\x1b[>1u",
        b"\x1b]22;default\x1b\\",
        b"\x1b]52;c;bHMgLWxh\x07",
        "wide 漢字 é ┌─┐ ␣".encode(),
    ],
)
def test_what_textual_writes_is_allowed(data: bytes) -> None:
    assert not watched(data).violations


def test_a_sequence_in_pieces_is_seen() -> None:
    assert watched(b"\x1b", b"]8;;x", b"\x1b", b"\\").effects == ["link"]
    assert watched(b"\x1b[", b"1", b"m").violations == []
    assert watched("\u202e".encode()[:1], "\u202e".encode()[1:]).violations == ["U+202E in text"]


def test_a_joiner_is_allowed_in_an_emoji_of_prose_only() -> None:
    family = "👩\u200d👧".encode()
    watch = Watch()
    watch.feed(family)
    assert watch.violations
    watch = Watch()
    watch.joiners = True
    watch.feed(family)
    assert not watch.violations


def test_hidden_characters_are_expected_as_escapes() -> None:
    assert expected("a\x1b\u202e\u3164b") == r"a\x1b<U+202E><U+3164>b"
    assert expected(r"\x1b <U+202E> \d") == r"\x5cx1b \x3cU+202E> \d"


def test_words_have_to_stand_in_their_order() -> None:
    assert is_shown("rm -rf ~\x1b[8D", squeeze(["  1 ▌ rm -rf", "    ▌ ~\\x1b[8D"]))
    assert not is_shown("b a", "ab")


def test_windows_of_a_dialog_are_joined() -> None:
    reader = Reader()
    assert reader.add(["Title", "one", "two", "▾ 2 lines below", "y  Yes", "keys are live"]) == 2
    assert reader.add(["Title", "three", "four", "▴ 2 lines above", "y  Yes", "keys are live"]) == 0
    assert reader.rows[-2:] == ["three", "four"]


def test_a_box_is_taken_out_of_what_is_beside_it() -> None:
    title = "┌ Run this command? " + "─" * 30 + "┐"
    rows = ["chat " + title + " chat", "chat │ ls" + " " * (len(title) - 5) + "│ chat"]
    assert [row.strip() for row in inside(rows)] == ["Run this command? " + "─" * 30, "ls"]


def test_wide_characters_beside_a_box_do_not_move_it() -> None:
    title = "┌ Run this command? " + "─" * 30 + "┐"
    rows = ["漢字漢" + title, "漢 👩 " + "│ ls" + " " * (len(title) - 5) + "│"]
    assert [row.strip() for row in inside(rows)][1] == "ls"


COMMAND = Case("c", "command", "ls \u202ex", "", "BYTES-CLEAN VISIBLE WARN NO-CRASH")


def test_a_command_that_is_hidden_or_not_warned_of_fails() -> None:
    good = verdicts(COMMAND, dialog=True, text="Carefulls<U+202E>x")
    assert not any(good.values())
    bad = verdicts(COMMAND, dialog=True, text="lsx", violations=["U+202E in text"], effects=["bell"])
    assert all(bad[tag] for tag in ("BYTES-CLEAN", "NO-MARKUP", "VISIBLE", "WARN"))
    assert verdicts(COMMAND, crashed="gone")["NO-CRASH"]


@pytest.mark.parametrize(
    ("surface", "payload", "expect", "seen", "tag"),
    [
        ("command", "[bold]x", "LITERAL", {"dialog": True, "text": "x"}, "LITERAL"),
        ("command", "ls", "REACHABLE", {"text": "rm"}, "REACHABLE"),
        ("command", "ls", "COUNTED", {"text": "ls"}, "COUNTED"),
        ("command", "ls", "RESPONSIVE", {"echo": [3.0]}, "RESPONSIVE"),
        ("command", "ls", "RESPONSIVE", {"opened_in": 30.0}, "RESPONSIVE"),
        ("url", "data:x", "NO-OPEN", {"doors": ["webbrowser.open x"]}, "NO-OPEN"),
        ("url", "https://a.b", "HOST(a.b)", {"text": "c.d"}, "HOST"),
        ("url", "https://a.b", "no network request", {"doors": ["socket.connect x"]}, "no network"),
        ("rpc_line", "{", "REJECT-LINE", {"skipped": 0}, "REJECT-LINE"),
        ("rpc_line", "{", "REJECT-LINE", {"skipped": 1, "alive_after": False}, "REJECT-LINE"),
        (
            "schema",
            {},
            "DECLINE-ONLY",
            {"dialog": True, "heard": [{"id": 101, "result": {"action": "accept"}}]},
            "DECLINE-ONLY",
        ),
        ("schema", {}, "Decline and Cancel always", {"dialog": True}, "decline and cancel"),
        (
            "command",
            "\u202e",
            "Accept needs a second explicit step",
            {"pressed": "accept once", "heard": [{"id": 101, "result": {"decision": "accept"}}]},
            "second step",
        ),
    ],
)
def test_each_expectation_can_fail(
    surface: str, payload: Any, expect: str, seen: dict[str, Any], tag: str
) -> None:
    assert verdicts(Case("c", surface, payload, "", expect), **seen)[tag]
