"""All cases of a file at one size: each is played, looked at, and judged."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.terminal import ScreenTimeoutError
from tests.hostile.checks import Verdict, always, judge
from tests.hostile.loader import Case
from tests.hostile.stage import Stage


@dataclass
class Report:
    """Counts of one size. `failures` are (case, tag, why)."""

    size: tuple[int, int]
    cases: int = 0
    bytes: int = 0
    met: Counter[str] = field(default_factory=Counter[str])
    failed: Counter[str] = field(default_factory=Counter[str])
    failures: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    seconds: float = 0.0

    def add(self, name: str, verdicts: Iterable[Verdict], since: float) -> None:
        """What came of `name`, which began at `since`; it is printed as well."""
        failures: list[str] = []
        for verdict in verdicts:
            (self.failed if verdict.failure else self.met)[verdict.tag] += 1
            if verdict.failure:
                self.failures.append((name, verdict.tag, verdict.failure))
                failures.append(f"{verdict.tag}: {verdict.failure}")
        seconds = time.monotonic() - since
        said = f" FAILED {'; '.join(failures)}" if failures else ""
        print(f"{self.size[0]}x{self.size[1]} {seconds:4.1f} s {name}{said}", file=sys.stderr, flush=True)


def run(cases: Sequence[Case], columns: int, rows: int, shows: bool = False) -> Report:
    """Play `cases` at that size; `shows` prints what is read of each."""
    report = Report((columns, rows))
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as folder,
        Stage(Path(folder), columns, rows) as stage,
    ):
        for number, case in enumerate(cases, 1):
            before = time.monotonic()
            report.cases += 1
            try:
                play, seen = stage.play(number, case)
            except (ScreenTimeoutError, ValueError, KeyError) as error:
                report.add(case.id, [Verdict("NO-CRASH", f"could not be played: {error}")], before)
                stage.abandon()
                continue
            if shows:
                print(f"== {case.id}: {seen}\n{stage.client.text}")
            report.add(case.id, judge(case, play, seen), before)
        before = time.monotonic()
        report.add("(all panes afterwards)", always(stage.panes()), before)
        report.bytes = stage.bytes
    report.seconds = time.monotonic() - started
    return report
