"""A loopback port, taken before the model that serves it has started."""

from __future__ import annotations

import socket

BACKLOG = 64
"""Connections that may wait: those an engine opens while the server is still starting."""


def listen() -> socket.socket:
    """A socket on a free loopback port that already takes connections; they wait until served."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen(BACKLOG)
    return listening
