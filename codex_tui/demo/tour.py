"""What the scripted model of the demo says: the tour, and a helpful reply to everything else."""

from __future__ import annotations

from codex_tui.demo.sse import JsonObject, Turn


def answer(request: JsonObject) -> Turn:
    """The turn that answers the newest prompt in `request` (`POST /v1/responses`)."""
    return [{"msg": "The tour is being built."}]
