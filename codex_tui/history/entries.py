"""One saved thread as the picker shows it (`thread/list`, `Thread` in the engine's schema)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codex_tui.protocol.threads import Thread

PROMPT_BOUND = 2000
"""Characters of a first prompt that are kept for list and filter; some paste a whole file there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """All strings are foreign. Times are in seconds since the epoch."""

    id: str
    name: str = ""
    prompt: str = ""  # the first one
    branch: str = ""
    cwd: str = ""
    provider: str = ""
    model: str = ""
    source: str = ""  # cli, vscode, exec, appServer …, as the engine names who made it
    created: int = 0
    updated: int = 0
    status: str = ""  # notLoaded, idle, active, systemError
    waits: bool = False  # for an approval or an answer
    archived: bool = False
    parent_id: str | None = None  # of a sub-agent's thread
    engine: str = ""  # the version that made it
    path: str | None = None  # of the rollout file
    damage: str = ""  # why the engine cannot open it, in our words
    haystack: str = ""  # what a filter looks through, casefolded; name and first prompt stand first
    head: int = 0  # the characters of name and first prompt in it

    @property
    def title(self) -> str:
        """Its name, else its first prompt."""
        return self.name or self.prompt


def entry_of(thread: Thread, *, archived: bool = False) -> Entry:
    """The entry of a thread as the engine lists it."""
    prompt = thread.preview[:PROMPT_BOUND].strip()
    branch = (thread.git_info.branch or "") if thread.git_info is not None else ""
    name, model = thread.name or "", thread.model or ""
    source = thread.source if isinstance(thread.source, str) else next(iter(thread.source), "")
    status = thread.status
    searched = (name, prompt, branch, thread.cwd, model, thread.model_provider, source, thread.id)
    return Entry(
        id=thread.id,
        name=name,
        prompt=prompt,
        branch=branch,
        cwd=thread.cwd,
        provider=thread.model_provider,
        model=model,
        source=source,
        created=thread.created_at,
        updated=thread.recency_at or thread.updated_at or thread.created_at,
        status=status.type if status is not None else "",
        waits=bool(status is not None and status.active_flags),
        archived=archived,
        parent_id=thread.parent_thread_id,
        engine=thread.cli_version,
        path=thread.path,
        haystack="\n".join(searched).casefold(),
        head=len(f"{name}\n{prompt}".casefold()),
    )


def merge(known: dict[str, Entry], page: Iterable[Entry]) -> None:
    """Takes `page` into `known`, by id. Of two records of a thread, as after going back, the newer counts."""
    for entry in page:
        before = known.get(entry.id)
        if before is None or entry.updated >= before.updated:
            known[entry.id] = entry
