"""A disk that fills up while files of one folder are written."""

from __future__ import annotations

import errno
import os
from pathlib import Path


class FullDisk:
    """Stands in for `os.fsync`: the first `writes` files below `folder` still have room."""

    def __init__(self, folder: Path, writes: int = 0) -> None:
        self._folder = folder
        self._left = writes
        self._fsync = os.fsync

    def __call__(self, handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(self._folder):
            self._left -= 1
            if self._left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._fsync(handle)
