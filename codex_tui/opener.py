"""Opens a web page in the person's browser: one program, one argument, no shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Literal

MAX_URL = 8192
"""Characters of a URL that is opened: more than any sign-in page needs, less than programs choke on."""
MAX_RUNNING = 8
"""Programs started here that may run at once; a browser started directly stays."""

Opened = Literal["opened", "refused", "missing", "failed"]

# The characters of RFC 3986; no blank, quote, backslash, backtick, bar, bracket of a shell.
_OPENABLE = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_running: list[threading.Thread] = []


def is_openable(url: str) -> bool:
    """Whether `url` is made of nothing but what a URL may be made of, and not too long."""
    return len(url) <= MAX_URL and _OPENABLE.fullmatch(url) is not None


def opener_command(
    url: str,
    environment: Mapping[str, str],
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> list[str] | None:
    """The argument list that opens `url`, its last element; None when there is no program for it.

    `$BROWSER` counts when it is the name of one program; a list or a command line of a shell does not.
    """
    names = ["open"] if platform == "darwin" else ["xdg-open"]
    browser = environment.get("BROWSER", "")
    if re.fullmatch(r"[\w./+\-]+", browser) and not browser.startswith("-"):
        names.insert(0, browser)
    for name in names:
        if (program := which(name)) is not None:
            return [program, url]
    return None


def open_url(url: str) -> Opened:
    """Hand `url` to the browser and return at once; what becomes of it is not known. Never raises."""
    _running[:] = [thread for thread in _running if thread.is_alive()]
    if not is_openable(url) or len(_running) >= MAX_RUNNING:
        return "refused"
    command = opener_command(url, os.environ)
    if command is None:
        return "missing"
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return "failed"
    reaper = threading.Thread(target=process.wait, name="opener", daemon=True)
    reaper.start()
    _running.append(reaper)
    return "opened"
