"""Figures as tables: medians, ratios to the peers, and the page that keeps the last ones."""

from __future__ import annotations

import datetime
import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = "# Measured\n\nThe last run of each bench; `python -m bench NAME` makes them anew.\n"


@dataclass(slots=True)
class Figure:
    """One row: what was measured, in which unit, and every client's values (None: not seen).

    What is wanted of the first client: at most `limit`, and at most `share` of the second one's.
    """

    title: str
    unit: str
    limit: float | None = None
    share: float | None = None
    values: dict[str, list[float | None]] = field(default_factory=dict[str, list[float | None]])

    def add(self, client: str, value: float | None) -> None:
        self.values.setdefault(client, []).append(value)

    def median(self, client: str) -> float | None:
        """The median of what was seen; None when most runs saw nothing."""
        values = self.values.get(client, [])
        seen = [value for value in values if value is not None]
        if not seen or len(seen) * 2 <= len(values):
            return None
        return statistics.median(seen)

    def wanted(self, mine: str, theirs: str | None) -> str:
        """What is wanted, and whether it was reached."""
        said: list[str] = []
        reached = True
        value = self.median(mine)
        if self.limit is not None:
            said.append(f"≤ {self.limit:g} {self.unit}")
            reached = value is not None and value <= self.limit
        if self.share is not None and theirs is not None:
            said.append(f"≤ {self.share:g}×")
            other = self.median(theirs)
            # Who never got there is beaten by whoever did.
            reached = reached and value is not None and (other is None or value <= self.share * other)
        return f"{', '.join(said)}: {'yes' if reached else 'NO'}" if said else ""

    def cell(self, client: str) -> str:
        values = self.values.get(client)
        if not values:
            return "–"
        seen = [value for value in values if value is not None]
        median = self.median(client)
        if median is None:
            return "never" if not seen else f"in {len(seen)} of {len(values)}"
        spread = f" ({short(min(seen))}–{short(max(seen))})" if len(seen) > 1 else ""
        missing = f", lost {len(values) - len(seen)}" if len(seen) < len(values) else ""
        return f"{short(median)} {self.unit}{spread}{missing}"


def short(value: float) -> str:
    """Three digits are all these figures are good for."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(figures: Sequence[Figure], clients: Sequence[str]) -> str:
    """A Markdown table; the ratios are those of the first client to each of the others."""
    first, *others = clients
    rows = [["", *clients, *(f"{first} / {other}" for other in others), "wanted"]]
    for figure in figures:
        row = [figure.title, *(figure.cell(client) for client in clients)]
        mine = figure.median(first)
        for other in others:
            theirs = figure.median(other)
            row.append(f"{mine / theirs:.2f}×" if mine is not None and theirs else "–")
        row.append(figure.wanted(first, others[0] if others else None))
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> str:
    """The facts that figures depend on, without a name of anything."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = [
        f"{os.cpu_count()} cores",
        f"{memory:.0f} GB",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        f"Textual {version('textual')}",
        f"engine {version('openai-codex-cli-bin')}",
    ]
    return ", ".join(facts)


def load() -> str:
    """How busy the machine is before anything is measured."""
    now = os.getloadavg()[0]
    busy = now > (os.cpu_count() or 1) / 2
    more = "; other work ran beside it, so only the ratios say something" if busy else ""
    return f"load before it {now:.1f}{more}"


def keep(name: str, text: str, busy: str) -> None:
    """Replace the section `name` of the results page; `busy` is `load` from before."""
    page = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _HEAD
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    section = f"\n## {name}\n\n{today}; {machine()}; {busy}.\n\n{text.strip()}\n"
    pattern = re.compile(rf"\n## {re.escape(name)}\n.*?(?=\n## |\Z)", re.DOTALL)
    page = (
        pattern.sub(lambda _: section, page) if pattern.search(page) else page.rstrip("\n") + "\n" + section
    )
    RESULTS.write_text(page, encoding="utf-8")
