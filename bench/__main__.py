"""`python -m bench NAME [--peer COMMAND …] [--runs N]`: our client beside others, in real terminals.

A bench is a module of this folder with `measure(clients, workbench, runs) -> str`, the text of
its tables; its name is the module's.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from bench.clients import FLOOR, OURS, Client, official, peer
from bench.tables import RESULTS, keep, machine
from bench.workbench import Workbench

NAMES = ("start", "stream", "burst", "resume", "transcript", "growth", "dialogs")
RUNS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="COMMAND",
        help="a client to measure beside ours (a command line, repeatable; default: the official one)",
    )
    parser.add_argument("--runs", type=int, default=RUNS, help=f"launches of each client (default {RUNS})")
    parser.add_argument("--floor", action="store_true", help="also measure a bare Textual app (start only)")
    parser.add_argument("--without-ours", action="store_true", help="measure only the peers")
    parser.add_argument("--dry", action="store_true", help=f"do not write {RESULTS.name}")
    options = parser.parse_args(arguments)
    clients: list[Client] = [] if options.without_ours else [OURS]
    clients += [peer(command) for command in options.peer] or [official()]
    if options.floor and options.name == "start":
        clients.append(FLOOR)
    bench = importlib.import_module(f"bench.{options.name}")
    print(machine(), flush=True)
    with Workbench() as place:
        text = bench.measure(clients, place, options.runs)
    print(text)
    if not options.dry:
        keep(options.name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
