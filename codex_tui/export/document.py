"""What stands around the turns of a document: its title, its facts, and when things were said. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from codex_tui.history.open import title_of as said_title
from codex_tui.text import copyable

if TYPE_CHECKING:
    from codex_tui.session.transcript import Thread, Turn

TITLE = 120
"""Characters of a title; a thread without a name has its first prompt there."""

SLUG = 40
"""Characters of a title that go into a file's name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When the document is made (seconds since the epoch), and the reader's minutes east of UTC."""

    now: float
    utc_offset_min: int = 0

    def written(self, seconds: float) -> str:
        """A time as `2026-01-31 14:02`; "" for one that no calendar has."""
        zone = timezone(timedelta(minutes=self.utc_offset_min))
        try:
            return datetime.fromtimestamp(seconds, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        except (ValueError, OverflowError, OSError):
            return ""


def title_of(thread: Thread) -> str:
    """Its name, else its first prompt, on one line; foreign."""
    title = " ".join(copyable(said_title(thread)).split())
    return f"{title[:TITLE]}…" if len(title) > TITLE else title or "Conversation"


def facts_of(thread: Thread, moment: Moment) -> list[tuple[str, str]]:
    """What the head of the document says: our word, and a foreign value on one line."""
    turns = [turn for turn in thread.turns if not turn.is_notes]
    record = thread.record
    facts = [
        ("Directory", thread.settings.cwd),
        ("Branch", thread.branch or ""),
        ("Model", " ".join(part for part in (thread.settings.model, thread.settings.effort) if part)),
        ("Provider", thread.settings.provider),
        ("Engine", str(getattr(record, "cli_version", ""))),
        ("Begun", moment.written(created) if (created := getattr(record, "created_at", 0)) else ""),
        ("Turns", f"{len(turns):,}"),
        ("Thread", thread.id),
        ("Written", moment.written(moment.now)),
    ]
    return [(name, " ".join(copyable(value).split())) for name, value in facts if value]


def heading_of(turn: Turn, number: int, moment: Moment) -> str:
    """A turn's heading: its number, when it began, and how it ended unless it simply did."""
    when = moment.written(turn.started_ms / 1000) if turn.started_ms is not None else ""
    end = (
        ""
        if turn.status in ("completed", "unused")
        else {"inProgress": "still running"}.get(turn.status, turn.status)
    )
    return ", ".join(part for part in (f"Turn {number:,}", when, copyable(end)) if part)


def file_name(thread_id: str, title: str, suffix: str = ".md") -> str:
    """A name for the file: letters and digits of the title, and the beginning of the thread's id."""
    slug = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:SLUG].strip("-")
    short = "".join(re.findall(r"[A-Za-z0-9]", thread_id))[-8:]
    return f"{slug or 'thread'}-{short or 'unnamed'}{suffix}"
