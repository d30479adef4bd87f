"""Lines come out of the splitter whatever the chunks look like."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.engine.framing import SAMPLE, LineFault, LineSplitter

# Few different bytes, so that newlines, carriage returns and blanks meet often.
STREAMS = st.lists(st.sampled_from([b"\n", b"\r", b" ", b"{", b"ab", b"\xe2\x80\xa8", b"\xff"])).map(b"".join)


def cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(stream), *(place % (len(stream) + 1) for place in cuts)})
    return [stream[start:end] for start, end in pairwise(places)]


def read(chunks: list[bytes], max_line: int) -> tuple[list[bytes], list[LineFault]]:
    splitter = LineSplitter(max_line)
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    splitter.close()
    return lines, splitter.take_faults()


@given(STREAMS, st.lists(st.integers(0, 1000)), st.integers(1, 12))
def test_chunk_borders_change_nothing(stream: bytes, cuts: list[int], max_line: int) -> None:
    lines, faults = read(cut(stream, cuts), max_line)
    complete = stream.split(b"\n")[:-1]
    assert lines == [
        line.rstrip(b"\r") for line in complete if len(line) <= max_line and line and not line.isspace()
    ]
    too_long = [fault for fault in faults if fault.reason.startswith("line of more")]
    assert len(too_long) == sum(len(line) > max_line for line in stream.split(b"\n"))


@given(STREAMS, st.lists(st.integers(0, 1000)))
def test_no_byte_of_a_line_is_lost_or_invented(stream: bytes, cuts: list[int]) -> None:
    lines, _ = read(cut(stream, cuts), 10_000)
    assert b"".join(lines).replace(b"\r", b"").replace(b" ", b"") == stream.rpartition(b"\n")[0].replace(
        b"\n", b""
    ).replace(b"\r", b"").replace(b" ", b"")


def test_a_half_line_at_eof_is_dropped_and_reported() -> None:
    lines, faults = read([b'{"a":1}\n{"b"'], 100)
    assert lines == [b'{"a":1}']
    assert faults == [LineFault("half a line at the end of the stream", b'{"b"')]


def test_unicode_line_separators_stay_inside_a_line() -> None:
    line = '{"delta":"a\u2028b\u0085c"}'.encode()
    assert read([line + b"\n"], 100)[0] == [line]


def test_an_overlong_line_is_skipped_and_the_next_one_handled() -> None:
    lines, faults = read([b"x" * 60, b"x" * 60, b"x" * 300 + b"\n", b"next\n"], 100)
    assert lines == [b"next"]
    assert [fault.sample for fault in faults] == [b"x" * 120]
    assert read([b"y" * 5000 + b"\n"], 100)[1][0].sample == b"y" * SAMPLE


def test_a_line_in_a_thousand_pieces_costs_linear_time() -> None:
    splitter = LineSplitter()
    piece = b"x" * 65536
    started = time.process_time()
    for _ in range(1024):
        assert splitter.feed(piece) == []
    (line,) = splitter.feed(b"\n")
    assert len(line) == 64 * 1024 * 1024
    # Quadratic accumulation moves 32 GiB here: many seconds. Linear is well below one.
    assert time.process_time() - started < 3
