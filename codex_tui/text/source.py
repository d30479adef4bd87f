"""The way back from safe text, for what will be made safe once more where it is shown."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\x([0-9a-f]{2})|<U\+([0-9A-F]{4,6})>")


def source_of(safe: str) -> str:
    """The text that `line` made `safe` from; what never was an escape stays as it is.

    For messages that were put together for a plain terminal and go into the session's state, where
    all text is as it came. The result is foreign text again.
    """
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), safe)
