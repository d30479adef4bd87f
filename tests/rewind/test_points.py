"""Which prompts one can go back to, what is said about each, and what nobody recorded."""

from __future__ import annotations

from codex_tui.rewind import Unknown, points_of, unknown_of
from codex_tui.session.series import Series
from codex_tui.session.transcript import NOTES, Thread, Turn
from tests.rewind.made import patch, patched, ran, said, thread, turn


def test_prompts_come_newest_first_with_what_would_go_with_them() -> None:
    known = thread(
        turn("u0", said("first"), patched(patch({}, {"/p/a": "1", "/p/b": "1"}), "p"), at_ms=1),
        Turn(f"{NOTES}1", items=Series()),
        turn(
            "u1", said("second"), said("and this"), patched(patch({"/p/a": "1"}, {"/p/a": "2"}), "p"), at_ms=2
        ),
        turn("u2", {"type": "contextCompaction", "id": "c"}),
    )
    second, first = points_of(known)
    assert (second.text, second.steered, second.turns, second.files, second.at_ms) == ("second", 1, 2, 1, 2)
    assert (first.text, first.steered, first.turns, first.files, first.at_ms) == ("first", 0, 3, 2, 1)


def test_a_prompt_keeps_its_images_and_its_lines() -> None:
    parts = [
        {"type": "localImage", "path": "/p/shot.png"},
        {"type": "text", "text": "look\nhere"},
        {"type": "image", "url": "https://example.org/x.png"},
    ]
    (point,) = points_of(thread(turn("u0", {"type": "userMessage", "id": "u", "content": parts})))
    assert (point.text, point.images) == ("look\nhere", ("/p/shot.png",))


def test_a_thread_without_turns_has_no_point() -> None:
    assert points_of(Thread("t")) == ()


def test_what_may_have_changed_files_unrecorded_is_counted() -> None:
    tool = {"type": "mcpToolCall", "id": "m", "server": "s", "tool": "t"}
    agent = {"type": "collabAgentToolCall", "id": "a", "tool": "spawnAgent", "receiverThreadIds": ["x"]}
    known = thread(
        turn("u0", said("go"), ran("make")),
        turn(
            "u1",
            said("on"),
            ran("make"),
            ran("ls", commandActions=[{"type": "listFiles", "command": "ls"}]),
            ran("rm", status="declined"),
            ran("odd", commandActions=[]),
            tool,
            {**tool, "readOnlyHint": True},
            agent,
            {**agent, "tool": "wait"},
            patched([], "p", status="failed"),
        ),
    )
    assert unknown_of(known, "u1") == Unknown(commands=2, tools=1, agents=1, patches=1)
    assert unknown_of(known, "u0").commands == 3
    assert not unknown_of(thread(turn("u0", said("go"))), "u0")
    assert unknown_of(known, "nobody") == Unknown()
