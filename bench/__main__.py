"""`python -m bench NAME|all [--peer COMMAND …] [--runs N]`: our client beside others, in real terminals.

A bench is a module of this folder with `measure(clients, workbench, runs) -> str`, the text of
its tables; its name is the module's.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Sequence

from bench.clients import FLOOR, OURS, Client, official, peer
from bench.tables import RESULTS, keep, load, machine
from bench.workbench import Workbench

NAMES = (
    "start",
    "resume",
    "transcript",
    "stream",
    "burst",
    "growth",
    "dialogs",
    "diff",
    "picker",
    "index",
    "commands",
)
RUNS = 5
FEW = 3
RUNS_OF_ALL = {"start": 4, "resume": 4, "burst": 4}
"""Fewer than of one alone: all of them take some ten minutes on a quiet machine."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="COMMAND",
        help="a client to measure beside ours (a command line, repeatable; default: the official one)",
    )
    parser.add_argument("--runs", type=int, help=f"launches of each client (default {RUNS}, fewer for all)")
    parser.add_argument("--floor", action="store_true", help="also measure a bare Textual app (start only)")
    parser.add_argument("--without-ours", action="store_true", help="measure only the peers")
    parser.add_argument("--dry", action="store_true", help=f"do not write {RESULTS.name}")
    options = parser.parse_args(arguments)
    clients: list[Client] = [] if options.without_ours else [OURS]
    clients += [peer(command) for command in options.peer] or [official()]
    if options.floor and options.name == "start":
        clients.append(FLOOR)
    print(machine(), flush=True)
    failed = 0
    for name in NAMES if options.name == "all" else (options.name,):
        runs = options.runs or (RUNS_OF_ALL.get(name, FEW) if options.name == "all" else RUNS)
        try:
            one(name, clients, runs, dry=options.dry)
        except Exception:
            if options.name != "all":
                raise
            failed += 1  # the others are worth having
            traceback.print_exc()
    return min(failed, 1)


def one(name: str, clients: Sequence[Client], runs: int, *, dry: bool) -> None:
    """Run one bench, print its tables, keep them unless `dry`."""
    busy, began = load(), time.monotonic()
    print(f"\n## {name} ({busy})\n", flush=True)
    with Workbench() as place:
        text = importlib.import_module(f"bench.{name}").measure(clients, place, runs)
    print(f"{text}\n\n{name}: {time.monotonic() - began:.0f} s", flush=True)
    if not dry:
        keep(name, text, busy)


if __name__ == "__main__":
    sys.exit(main())
