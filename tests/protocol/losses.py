"""What a model lost of the JSON it was read from."""

from __future__ import annotations

from typing import Any, cast

from codex_tui.protocol.base import JsonObject


def lost(written: Any, raw: Any, where: str = "") -> list[str]:
    """Where `written` lacks, or has otherwise, something of `raw`; defaults it adds do not count."""
    if isinstance(raw, dict) and isinstance(written, dict):
        whole, members = cast("JsonObject", written), cast("JsonObject", raw)
        places: list[str] = []
        for key, value in members.items():
            there = f"{where}.{key}"
            places += lost(whole[key], value, there) if key in whole else [there]
        return places
    if isinstance(raw, list) and isinstance(written, list):
        pairs = list(zip(cast("list[Any]", written), cast("list[Any]", raw), strict=True))
        return [
            place for at, (one, other) in enumerate(pairs) for place in lost(one, other, f"{where}[{at}]")
        ]
    return [] if type(cast("object", written)) is type(cast("object", raw)) and written == raw else [where]
