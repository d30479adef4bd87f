"""What the agent changed, from the records of a thread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from codex_tui.diffs.sources import ThreadDiffs, waiting_patches
from codex_tui.protocol.approvals import FileChangeApproval, LegacyPatchApproval
from codex_tui.protocol.items import AgentMessage, FileChange, FileUpdate
from codex_tui.session.inbox import Inbox, Question
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Item, Settings, Thread, Turn
from tests.diffs.made import hunks_between, written_hunks


def change(path: str, old: str | None, new: str | None, moved: str | None = None) -> FileUpdate:
    """The engine's word for it."""
    kind = "add" if old is None else "delete" if new is None else "update"
    diff = (new or "") if old is None else old if new is None else written_hunks(hunks_between(old, new, 1))
    raw: dict[str, Any] = {"path": path, "kind": {"type": kind, "move_path": moved}, "diff": diff}
    return FileUpdate.model_validate(raw)


def git_diff(path: str, old: str, new: str) -> str:
    head = f"diff --git a/{path} b/{path}\nindex 1..2\n--- a/{path}\n+++ b/{path}\n"
    return head + written_hunks(hunks_between(old, new))


def turn(turn_id: str, *changes: FileUpdate, diff: str = "", status: str = "completed", **more: Any) -> Turn:
    """A turn with one patch for each change."""
    bodies = [
        FileChange(type="fileChange", id=f"{turn_id}-{at}", changes=(one,), status=status)
        for at, one in enumerate(changes)
    ]
    items = Series(Item(body.id, turn_id, body, "done") for body in bodies)
    return Turn(turn_id, "completed", items, diff=diff, **more)


def thread(*turns: Turn, cwd: str = "/p") -> Thread:
    return Thread("t", Settings(cwd=cwd), turns=Series(turns))


def told(files: Any) -> list[tuple[str, str, int, int, str]]:
    return [(file.path, file.kind, file.added, file.removed, file.label) for file in files]


A, B, C = "a\nb\nc\n", "a\nB\nc\n", "a\nC\nc\n"


def test_the_newest_turn_is_this_turn_and_notes_between_turns_are_none() -> None:
    diffs = ThreadDiffs()
    one = thread(turn("1", change("/p/f", A, B)), turn("2", change("/p/g", None, "x\n")), Turn("notes:1"))
    assert told(diffs.turn(one)) == [("/p/g", "new", 1, 0, "")]
    assert told(diffs.turn(one, "1")) == [("/p/f", "changed", 1, 1, "")]
    assert diffs.turn(one, "unknown") == ()
    assert diffs.turn(thread()) == ()
    assert told(diffs.session(one)) == [("/p/f", "changed", 1, 1, ""), ("/p/g", "new", 1, 0, "")]


def test_patches_of_a_turn_are_put_together() -> None:
    made = turn(
        "1", change("/p/f", A, B), change("/p/f", B, C), change("/p/g", None, A), change("/p/g", A, None)
    )
    assert told(ThreadDiffs().turn(thread(made))) == [("/p/f", "changed", 1, 1, "")]


def test_what_was_declined_or_has_not_happened_is_left_out() -> None:
    for status in ("declined", "inProgress", "failed"):
        assert ThreadDiffs().turn(thread(turn("1", change("/p/f", A, B), status=status))) == ()


def test_the_turn_s_own_diff_is_placed_by_its_patches_paths() -> None:
    diff = git_diff("sub/f", A, B) + git_diff("g", A, B) + git_diff("/etc/x", A, B)
    patches = (change("/r/sub/f", A, B), change("/r/g", A, B), change("/etc/x", A, B))
    files = ThreadDiffs().turn(thread(turn("1", *patches, diff=diff), cwd="/r/sub"))
    assert [file.path for file in files] == ["/r/sub/f", "/r/g", "/etc/x"]


def test_a_diff_whose_place_is_open_gives_way_to_the_patches() -> None:
    # The diff is what is left of one of two files of the same name: which, only the patches say.
    patches = (change("/r/f", A, B), change("/r/sub/f", A, B), change("/r/f", B, A))
    files = ThreadDiffs().turn(thread(turn("1", *patches, diff=git_diff("f", A, B)), cwd="/r"))
    assert told(files) == [("/r/sub/f", "changed", 1, 1, "")]
    odd = turn("1", change("/r/f", A, B), diff=git_diff("other", A, B))
    assert told(ThreadDiffs().turn(thread(odd, cwd="/r"))) == [("/r/f", "changed", 1, 1, "")]


def test_a_diff_without_any_patch_is_placed_by_the_thread_s_folder() -> None:
    files = ThreadDiffs().turn(thread(turn("1", diff=git_diff("f", A, B)), cwd="/r"))
    assert [file.path for file in files] == ["/r/f"]


def test_turns_whose_changes_do_not_fit_are_told_apart() -> None:
    one = thread(turn("1", change("/p/f", A, B)), turn("2", change("/p/f", "a\nelse\nc\n", C)))
    assert told(ThreadDiffs().session(one)) == [
        ("/p/f", "changed", 1, 1, "turn 1"),
        ("/p/f", "changed", 1, 1, "turn 2"),
    ]
    within = thread(turn("1", change("/p/f", A, B), change("/p/f", "a\nelse\nc\n", C)))
    labels = [file.label for file in ThreadDiffs().session(within)]
    assert labels == ["turn 1, patch 1", "turn 1, patch 2"]


def test_nothing_is_read_twice_and_everything_new_is_read() -> None:
    diffs = ThreadDiffs()
    old, running = turn("1", change("/p/f", A, B)), turn("2", diff=git_diff("g", A, B))
    running = replace(running, status="inProgress")
    first = diffs.session(thread(old, running))
    message = Item("m", "2", AgentMessage(type="agentMessage", id="m", text="x"))
    longer = replace(running, items=running.items.append(message))
    assert diffs.session(thread(old, longer)) == first
    typed = replace(longer, items=longer.items.put(0, replace(message, revision=1)))
    assert diffs.session(thread(old, typed)) is diffs.session(thread(old, typed))
    further = replace(typed, diff=git_diff("g", A, C))
    assert diffs.turn(thread(old, further))[0].hunks[0].raw[2] == "+C"
    assert diffs.session(thread(old, further)) != first


def test_every_path_a_patch_was_carried_out_for_is_known() -> None:
    made = turn("1", change("/p/f", A, B, "/q/g"), change("/etc/x", None, "x"))
    no = turn("2", change("/etc/shadow", None, "x"), status="declined")
    assert ThreadDiffs().paths(thread(made, no)) == {"/p/f", "/q/g", "/etc/x"}


def question(params: Any, item_id: str | None = "1-0", turn_id: str | None = "1") -> Question:
    return Question(1, 7, "x", params, {}, "t", turn_id, item_id, 0.0)


def state(asked: Question, *threads: Thread) -> State:
    return State({one.id: one for one in threads}, inbox=Inbox((asked,)))


def test_a_waiting_patch_is_joined_with_its_item() -> None:
    params = FileChangeApproval(thread_id="t", turn_id="1", item_id="1-0")
    waiting = thread(turn("1", change("/p/f", A, B), status="inProgress"))
    asked = question(params)
    ((found, files),) = waiting_patches(state(asked, waiting))
    assert found is asked
    assert told(files) == [("/p/f", "changed", 1, 1, "")]
    assert waiting_patches(state(question(params, "other"), waiting)) == ()
    assert waiting_patches(state(question(params, None, None), waiting)) == ()
    assert waiting_patches(state(asked)) == ()


def test_a_patch_of_an_older_engine_brings_its_changes() -> None:
    raw: dict[str, Any] = {"/p/f": {"type": "add", "content": "x\n"}, "/p/g": {"type": "odd"}}
    params = LegacyPatchApproval(conversation_id="t", call_id="c", file_changes=raw)
    ((_, files),) = waiting_patches(state(question(params, None, None)), "t")
    assert told(files) == [("/p/f", "new", 1, 0, "")]
