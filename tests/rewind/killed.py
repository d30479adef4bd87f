"""`python -m tests.rewind.killed FOLDER EVERY`: rewinds are killed at every so many of their
steps, then finished or taken back.

A program of its own: it forks, which one with threads should not. Prints how many steps there were.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from codex_tui.ledger import Entry, Ledger
from codex_tui.rewind.record import End, Record
from codex_tui.rewinding import look_back, put, take_back
from tests.rewind.made import Files, patch, patched, said, thread, turn
from tests.rewind.test_rewinding import contents, fill, looked

STEPS = ("open", "replace", "unlink", "fsync", "mkdir", "rmdir")
"""What is called for each change on disk, and before it."""
BEFORE: Files = {"/p/a": "a\n" * 5, "/p/deep/gone": "bye\n", "/p/old/name": "x\n", "/p/z": "z\r\n"}
AFTER: Files = {"/p/a": "A\n" * 5, "/p/made/new": "hello\n", "/p/new/name": "y\n", "/p/z": "Z\r\n"}


class Case:
    """A project after a turn, and our state directory."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state = folder / "p", folder / "state"
        self.root.mkdir(parents=True)
        fill(self.root, AFTER)
        changes = patch(BEFORE, AFTER, {"/p/old/name": "/p/new/name"})
        self.look = looked(thread(turn("u0", said("go"), patched(changes, "p"))), "u0", self.root)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.state)

    def go(self) -> None:
        record = Record("files", "t", "u0", root=str(self.root))
        entry = take_back(self.look, self.look.fates, self.ledger, record)
        assert isinstance(entry, Entry), entry
        entry.settle("done")

    def bring(self, entry: Entry, end: End) -> None:
        assert entry.hold()
        look = look_back(entry, end)
        assert not [fate.conflict for fate in look.fates if fate.conflict]
        assert put(look, look.fates, entry, end, self.state) is None
        entry.settle("undone" if end == "before" else "done")

    def undo(self) -> None:
        (entry,) = self.ledger.undoable("t", "")
        self.bring(entry, "before")

    def check(self, number: int) -> None:
        """Whatever was done of it: each file is whole, and all of them can be brought to either end."""
        found = {path: text for path, text in contents(self.root).items() if not path.endswith(".codex-tui")}
        for path, text in found.items():
            assert text in (BEFORE.get(path), AFTER.get(path)), path
        cut = self.ledger.cut_off("t")
        now = contents(self.root)
        assert now == found, "what was half written is swept away"
        if not cut:
            undoable = self.ledger.undoable("t", "")
            assert now == BEFORE if undoable else now == AFTER
            return
        (entry,) = cut
        finishes = number % 2 == 0
        self.bring(entry, "after" if finishes else "before")
        assert contents(self.root) == (BEFORE if finishes else AFTER)
        assert self.ledger.cut_off("t") == []


def killed_at(number: int, deed: Callable[[], None]) -> bool:
    """Do it in a process that is killed before its step `number`; False when it ended before that."""
    child = os.fork()
    if not child:
        _count(number)
        deed()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


def _count(number: int) -> None:
    steps = 0

    def step(real: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    for name in STEPS:
        setattr(os, name, partial(step, getattr(os, name)))


def main(folder: Path, every: int) -> None:
    os.fsync = lambda fd: None  # who is killed leaves the system up
    for way in ("go", "undo"):
        number = 1
        while True:
            case = Case(folder / f"{way}{number}")
            if way == "undo":
                case.go()
            is_killed = killed_at(number, getattr(case, way))
            case.check(number)
            if not is_killed:
                break
            number += every
        print(number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
