"""The output of commands: how fast it is resolved, and how long the longest piece of work takes.

Only our client takes part, without a terminal: output is fed in the slices that the commands pane
feeds between two frames, and read after each few of them. Times are processor times, so that a busy
machine changes little.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence

from bench.clients import Client
from bench.tables import short
from bench.workbench import Workbench
from codex_tui.launch import GC_THRESHOLDS
from codex_tui.paint.look import Palette
from codex_tui.paint.output import Output
from codex_tui.panes.commands.log import SLICE
from codex_tui.panes.commands.reader import Reader

#: Characters of each kind of output: enough for the bounds to be met.
SIZE = 4_000_000
READ_EVERY = 8
#: No piece of work may take longer; a frame of the reader is one, too.
WANTED_MS = 50
WINDOW = (120, 50)
LONG, WIDE = "y" * 16_000, "漢" * 8_000


def kinds() -> dict[str, str]:
    """Output of every kind, each as long as it says something."""
    chance = random.Random(1)
    noise = bytes(chance.randrange(256) for _ in range(SIZE // 8))

    def repeated(text: str, size: int = SIZE) -> str:
        return text * (size // len(text))

    return {
        "plain lines": repeated("12:24:07 INFO GET /items?page=24 200 in 27 ms and some more words\n"),
        "colours": repeated(
            "\x1b[2m12:24:07\x1b[0m \x1b[36mINFO\x1b[0m \x1b[1;31mGET\x1b[m /items \x1b[32m200\x1b[0m\n"
        ),
        "a colour a character": repeated(
            "".join(f"\x1b[38;2;{n};{n * 7 % 256};9mx" for n in range(80)) + "\n", SIZE // 2
        ),
        "3,500 colours a line": "\n".join(
            "".join(f"\x1b[38;2;{n % 256};{n // 14};{row}mxxxx" for n in range(3_500)) for row in range(30)
        ),
        "a picture of colours": "\n".join(
            "".join(f"\x1b[38;2;{x};{y};{x};48;2;{y};{x};9m▀" for x in range(120)) for y in range(120)
        ),
        "progress with returns": "".join(f"\r{n:6} of 60000 [{'=' * (n % 50):50}]" for n in range(60_000)),
        "progress, erased and coloured": "".join(
            f"\r\x1b[K\x1b[32m{n:6}\x1b[0m [{'=' * (n % 50):50}]" for n in range(40_000)
        ),
        "three lines drawn anew": "\n\n\n"
        + "".join(f"\x1b[3A\x1b[2Ka {n}\n\x1b[2K\x1b[36mb\x1b[0m {n}\n\x1b[2Kc {n}\n" for n in range(30_000)),
        "a cursor anywhere": "".join(
            f"\x1b[{chance.randint(1, 24)};{chance.randint(1, 80)}H*" for _ in range(60_000)
        ),
        "East Asian lines": repeated("漢字テスト emoji 😀 and text\n"),
        "binary data": noise.decode("utf-8", "replace"),
        "one line of 64 MB": "x" * 64_000_000,
        "over a long line": LONG + "".join(f"\x1b[1G{n % 10}\x1b[{n % 2000}G!" for n in range(30_000)),
        "over 24 long wide lines": (WIDE + "\n") * 24
        + "".join(f"\x1b[{n % 24 + 1};{n % 2000}H字" for n in range(30_000)),
    }


def measure(clients: Sequence[Client], bench: Workbench, runs: int) -> str:
    """One table."""
    del clients, bench, runs
    gc.set_threshold(*GC_THRESHOLDS)
    rows = ["| output | MB | MB/s | longest slice, ms | longest frame, ms |", "|---|---|---|---|---|"]
    for name, text in kinds().items():
        output, feeding, longest = Output(), 0.0, 0.0
        for index, at in enumerate(range(0, len(text), SLICE)):
            slices = [0.0]
            left = text[at : at + SLICE]
            while left:
                began = time.thread_time()
                left = output.feed_some(left)
                slices.append(time.thread_time() - began)
            if index % READ_EVERY == 0:
                slices[-1] += _spent(lambda: output.lines)  # noqa: B023
            feeding += sum(slices)
            longest = max(longest, *slices)
        frame = _longest_frame(output)
        size = len(text) / 1e6
        figures = f"{short(size / feeding)} | {_judged(longest)} | {_judged(frame)}"
        rows.append(f"| {name} | {short(size)} | {figures} |")
    return "\n".join(rows)


def _longest_frame(output: Output) -> float:
    """Seconds of the longest of some frames: at the end, a page up, at the beginning, with cut lines."""
    reader, palette = Reader(output), Palette()
    reader.resize(*WINDOW)
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: reader.move(-WINDOW[1]),
        reader.home,
        reader.toggle_wrap,
        lambda: reader.sideways(5),
    ]

    def frame(step: Callable[[], object]) -> None:
        step()
        reader.shown(palette, palette.text)

    return max(_spent(lambda step=step: frame(step)) for step in steps)


def _spent(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _judged(seconds: float) -> str:
    value = seconds * 1000
    return f"{short(value)}{'' if value <= WANTED_MS else ' (too long)'}"
