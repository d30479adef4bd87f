"""Loaded by the interpreter before the client: writes down what would open a page or reach out."""

import os
import sys

_LOG = os.environ.get("HOSTILE_SPY")
_WATCHED = {
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "webbrowser.open",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.sendto",
    "socket.bind",
    "urllib.Request",
}


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in _WATCHED and _LOG:
        line = f"{event} {arguments!r}"[:4000].encode("utf-8", "backslashreplace") + b"\n"
        file = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, line)
        os.close(file)


if _LOG:
    sys.addaudithook(_note)
