"""`python -m tests.hostile FILE [--size 80x24] [--only PART]`: every case at three sizes, and the counts."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.hostile.loader import load
from tests.hostile.run import Report, run

SIZES = ((40, 10), (80, 24), (200, 60))
WORKERS = 2
"""Terminals at once; more of them would disturb each other's times."""


def main(arguments: list[str]) -> int:
    """The exit code: 0 when every expectation was met."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", action="append", help="COLUMNSxROWS; else all three")
    parser.add_argument("--only", default="", help="cases whose id contains this")
    parser.add_argument("--show", action="store_true", help="print what is read of each case")
    given = parser.parse_args(arguments)
    cases = [case for case in load(given.file) if given.only in case.id]
    sizes = [tuple(map(int, size.split("x"))) for size in given.size] if given.size else list(SIZES)
    with ProcessPoolExecutor(min(WORKERS, len(sizes)), mp_context=get_context("spawn")) as pool:
        reports = list(
            pool.map(run, [cases] * len(sizes), *zip(*sizes, strict=True), [given.show] * len(sizes))
        )
    print(summary(reports))
    return 1 if any(report.failures for report in reports) else 0


def summary(reports: list[Report]) -> str:
    """The counts as text."""
    out: list[str] = []
    for report in reports:
        columns, rows = report.size
        out.append(f"{columns}x{rows}: {report.cases} cases, {report.bytes:,} bytes, {report.seconds:.0f} s")
        out += [f"  FAILED {case}: {tag}: {why}" for case, tag, why in report.failures]
    met, failed = Counter[str](), Counter[str]()
    for report in reports:
        met += report.met
        failed += report.failed
    out.append("")
    out += [f"{tag:<20} {met[tag]:>5} met {failed[tag]:>5} failed" for tag in sorted({*met, *failed})]
    out.append("")
    out.append(f"disallowed bytes: {failed['BYTES-CLEAN']} cases")
    out.append(f"crashes: {failed['NO-CRASH']}")
    out.append(f"markup effects: {failed['NO-MARKUP']}")
    out.append(f"expectations: {sum(met.values())} met, {sum(failed.values())} failed")
    return "\n".join(out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
