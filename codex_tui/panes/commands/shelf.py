"""The logs of the commands last looked at, each with the place where its reader is."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from codex_tui.panes.commands.log import Log
from codex_tui.panes.commands.reader import Reader

if TYPE_CHECKING:
    from codex_tui.panes.commands.roster import Entry, Key

LOGS_KEPT = 6
"""Resolved outputs kept, the last looked at: each takes a few megabytes at most."""


class Shelf:
    """Only the command that is looked at is fed, and only in steps of a few milliseconds."""

    def __init__(self) -> None:
        self._held: OrderedDict[Key, tuple[Log, Reader]] = OrderedDict()

    def of(self, entry: Entry) -> tuple[Log, Reader]:
        """The log and the reader of a command, made when it is first looked at."""
        held = self._held.get(entry.key)
        if held is None:
            log = Log()
            held = self._held[entry.key] = (log, Reader(log.output))
            while len(self._held) > LOGS_KEPT:
                self._held.popitem(last=False)
        self._held.move_to_end(entry.key)
        return held

    def feed(self, entry: Entry) -> bool:
        """Give a command's log what has come; whether there is still something to resolve after a step."""
        self.of(entry)[0].take(entry.output, entry.item.output_cut, entry.item.phase == "done")
        return self.step(entry)

    def step(self, entry: Entry) -> bool:
        """Resolve on and find on for a moment; whether there is more to do."""
        log, reader = self.of(entry)
        stepped = log.step()
        if reader.output is not log.output:
            reader.renew(log.output)
        elif stepped or reader.is_searching:
            reader.scan()
        return log.is_behind or reader.is_searching

    def forget_rows(self) -> None:
        """The colours changed."""
        for _, reader in self._held.values():
            reader.forget()
