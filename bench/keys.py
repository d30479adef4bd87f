"""What a keyboard sends: legacy sequences, and the kitty protocol when its flags are in force."""

from __future__ import annotations

#: Keys by name: what a legacy terminal sends, and (code, modifiers) of the kitty protocol.
_LEGACY = {
    "enter": b"\r",
    "tab": b"\t",
    "backspace": b"\x7f",
    "escape": b"\x1b",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f10": b"\x1b[21~",
    "f12": b"\x1b[24~",
    "shift+enter": b"\r",  # a legacy keyboard cannot tell them apart
    "alt+enter": b"\x1b\r",
    "alt+up": b"\x1b[1;3A",
    "alt+down": b"\x1b[1;3B",
    "ctrl+end": b"\x1b[1;5F",
    "ctrl+home": b"\x1b[1;5H",
}
_KITTY_CODE = {"enter": 13, "tab": 9, "backspace": 127, "escape": 27, "space": 32}
_KITTY_MODIFIER = {"shift": 1, "alt": 2, "ctrl": 4}

#: Flags of the kitty protocol: escape codes that cannot be mistaken, and all keys as escape codes.
_DISAMBIGUATE, _ALL_KEYS = 1, 8


def encode_text(text: str, flags: int) -> bytes:
    """Printable text, key by key."""
    if flags & _ALL_KEYS:
        return "".join(f"\x1b[{ord(sign)};;{ord(sign)}u" for sign in text).encode()
    return text.encode()


def encode(key: str, flags: int) -> bytes:
    """One key by name: `enter`, `ctrl+c`, `f5`, or a single character. `flags` 0 is the legacy keyboard.

    Raises ValueError for a key that is not known.
    """
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    code = _KITTY_CODE.get(name) or (ord(name) if len(name) == 1 else 0)
    if code and flags & (_DISAMBIGUATE | _ALL_KEYS):
        mask = 1 + sum(_KITTY_MODIFIER[modifier] for modifier in modifiers)
        # Without all keys as codes, plain keys but Escape stay as they were.
        if flags & _ALL_KEYS or mask > 1 or name == "escape":
            return b"\x1b[%d;%du" % (code, mask) if mask > 1 else b"\x1b[%du" % code
    if key in _LEGACY:
        return _LEGACY[key]
    if modifiers == ["ctrl"] and len(name) == 1:
        return bytes([ord(name.upper()) & 0x1F])
    if modifiers == ["alt"] and len(name) == 1:
        return b"\x1b" + name.encode()
    if len(key) == 1:
        return key.encode()
    raise ValueError(f"no such key: {key}")
