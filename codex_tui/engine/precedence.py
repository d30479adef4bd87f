"""While the engine sends as fast as it can, the interface comes before it at the processor.

Linux divides the processor between sessions (`sched(7)`, "The autogroup feature"). In a flood the
engine keeps five threads busy, and a key was seen to wait 60 to 130 ms for a turn. The engine has a
session of its own, so the nice value of that can be raised meanwhile. What the engine runs is not
slowed down: each command has another session. Where there are no autogroups nothing happens.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress

BEHIND = 10
"""Nice value in a flood: a tenth of our weight, and the engine is as quick when nobody else wants to run."""

FULL_READS = 4
"""So many full reads in a row are a flood; one long message (a saved thread's turns) is not."""

CALM_AFTER = 0.5
"""Seconds without a full read after which the flood is over: within one there are small reads too."""


class Precedence:
    """Owns the nice value of one engine's session."""

    def __init__(self, pid: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._place = f"/proc/{pid}/autogroup" if sys.platform == "linux" and _leads_session(pid) else None
        self._full = 0
        self._last_full = 0.0
        self._behind = False

    def note(self, *, full: bool) -> None:
        """A read brought all that a read takes, or less: raise or lower the value where that ends it."""
        if full:
            self._full += 1
            self._last_full = self._clock()
            if self._full >= FULL_READS:
                self._put(behind=True)
        else:
            self._full = 0
            if self._behind and self._clock() - self._last_full > CALM_AFTER:
                self._put(behind=False)

    def _put(self, *, behind: bool) -> None:
        if behind is self._behind or self._place is None:
            return
        try:
            # No file is made: without autogroups there is none.
            handle = os.open(self._place, os.O_WRONLY)
            try:
                os.write(handle, str(BEHIND if behind else 0).encode())
            finally:
                os.close(handle)
            self._behind = behind
        except OSError as error:
            # The kernel takes one change in 100 ms from a user: the next read tries again.
            if error.errno != errno.EAGAIN:
                self._place = None


def _leads_session(pid: int) -> bool:
    with suppress(OSError):
        return os.getsid(pid) == pid
    return False
