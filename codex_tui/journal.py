"""What a person wrote, kept across sessions: sent prompts and unsent drafts.

Two things in one folder of ours (XDG state), for the owner's eyes only (folders 0700, files 0600):

    prompts.jsonl        one sent prompt a line, {"at", "cwd", "text"}, oldest first
    drafts/<hash>.json   one unsent draft, {"key", "at", "text", "images"}

Nothing here raises: a full disk or a folder that cannot be written loses no session. The first
failure is handed to `failed`, once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

PROMPTS_READ = 1 << 20
"""Bytes of the newest prompts that are read: some thousand, in some milliseconds."""
PROMPTS_KEPT = 4 << 20
"""Bytes of the file of prompts; a larger one is cut to its newest `PROMPTS_READ`."""
PROMPT_BOUND = 200_000
"""Characters of a prompt that is remembered; a longer one was pasted, and is in its thread."""
DRAFT_BOUND = 4 << 20
"""Characters of a draft that is kept."""
DRAFTS_KEPT = 200
"""Drafts, the newest: one for each thread somebody left in the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a composer: raw text, and the paths of images that go with it."""

    text: str = ""
    images: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.images)


class Journal:
    """Prompts and drafts in `folder`. Small synchronous writes; each leaves a whole file behind."""

    def __init__(self, folder: Path, failed: Callable[[str], None] = lambda _why: None) -> None:
        """`failed` is called once with what went wrong (safe to show)."""
        self._folder = folder
        self._failed = failed
        self._broken = False

    # -- prompts ---------------------------------------------------------------------------

    def add_prompt(self, text: str, cwd: str) -> None:
        """Remember a sent prompt."""
        if not text.strip() or len(text) > PROMPT_BOUND:
            return
        entry = json.dumps({"at": int(time.time()), "cwd": cwd, "text": text}) + "\n"
        with self._guarded():
            path = self._made(self._folder) / "prompts.jsonl"
            if path.exists() and path.stat().st_size > PROMPTS_KEPT:
                _replace(path, _newest(path))
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            with os.fdopen(os.open(path, flags, 0o600), "wb") as out:
                _make_private(out.fileno())
                out.write(entry.encode())  # one write: two clients never mix their lines

    def prompts(self) -> list[str]:
        """Remembered prompts, oldest first, each once at its newest place. Broken lines are skipped."""
        path = self._folder / "prompts.jsonl"
        found: dict[str, None] = {}
        with self._guarded():
            if path.exists():
                for line in _newest(path).splitlines():
                    if (text := _member(line, "text")) is not None:
                        found.pop(text, None)
                        found[text] = None
        return list(found)

    # -- drafts ----------------------------------------------------------------------------

    def draft(self, key: str) -> Draft:
        """The draft kept under `key`; an empty one if there is none."""
        path = self._draft_path(key)
        with self._guarded():
            if path.exists() and path.stat().st_size <= 8 * DRAFT_BOUND:
                return _draft_of(path.read_bytes(), key)
        return Draft()

    def keep_draft(self, key: str, draft: Draft) -> None:
        """Keep `draft` under `key`; an empty one is forgotten."""
        path = self._draft_path(key)
        with self._guarded():
            if not draft:
                path.unlink(missing_ok=True)
                return
            text = draft.text[:DRAFT_BOUND]
            whole = {"key": key, "at": int(time.time()), "text": text, "images": list(draft.images)}
            is_new = not path.exists()
            self._made(self._folder)
            _replace(self._made(path.parent) / path.name, json.dumps(whole).encode())
            if is_new:
                self._forget_oldest(path.parent)

    def _draft_path(self, key: str) -> Path:
        return self._folder / "drafts" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    @staticmethod
    def _forget_oldest(folder: Path) -> None:
        kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[DRAFTS_KEPT:]:
            path.unlink(missing_ok=True)

    # -- files -----------------------------------------------------------------------------

    @staticmethod
    def _made(folder: Path) -> Path:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @contextlib.contextmanager
    def _guarded(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            if not self._broken:
                self._broken = True
                self._failed(f"Prompts and drafts are not kept: {os.strerror(error.errno or 0)}")


def _newest(path: Path) -> bytes:
    """The whole lines in the last `PROMPTS_READ` bytes of a file."""
    with path.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        source.seek(max(0, size - PROMPTS_READ))
        tail = source.read(PROMPTS_READ)
    return tail if size <= PROMPTS_READ else tail.partition(b"\n")[2]


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that after a crash the old or the new one is there, whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as out:
            _make_private(out.fileno())
            out.write(content)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()  # a full disk must not keep halves
        raise


def _make_private(file: int) -> None:
    """For the owner's eyes, also where somebody else made the file."""
    if hasattr(os, "fchmod"):
        os.fchmod(file, 0o600)


def _parsed(raw: bytes) -> dict[str, object]:
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _member(raw: bytes, name: str) -> str | None:
    value = _parsed(raw).get(name)
    return value if isinstance(value, str) else None


def _draft_of(raw: bytes, key: str) -> Draft:
    found = _parsed(raw)
    text, images = found.get("text"), found.get("images")
    if found.get("key") != key or not isinstance(text, str):
        return Draft()
    paths = cast("Sequence[object]", images) if isinstance(images, list) else ()
    return Draft(text, tuple(path for path in paths if isinstance(path, str)))
