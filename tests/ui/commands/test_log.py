"""A log keeps up with the state's text at the cost of what is new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codex_tui.paint.output import Output
from codex_tui.paint.runs import line_text
from codex_tui.panes.commands.log import SLICE, Log
from codex_tui.session.reducer.outputs import bounded
from codex_tui.session.transcript import OUTPUT_HEAD


def caught_up(log: Log) -> Log:
    while log.step():
        pass
    return log


def texts(log: Log) -> list[str]:
    return [line_text(line) for line in log.output.lines]


class CountingOutput(Output):
    """Knows how much it was fed."""

    fed = 0

    def feed_some(self, text: str) -> str:
        left = super().feed_some(text)
        self.fed += len(text) - len(left)
        return left


@given(st.lists(st.text("ab\n\r\x1b[3m", max_size=30), max_size=8))
def test_text_that_grows_is_the_same_as_text_at_once(pieces: list[str]) -> None:
    grown, whole = Log(), Log()
    text = ""
    for piece in pieces:
        text += piece
        grown.take(text)
        caught_up(grown)
    whole.take(text)
    caught_up(whole)
    assert texts(grown) == texts(whole)
    assert grown.renewed == 0


def test_a_delta_costs_its_own_size() -> None:
    log = Log()
    log.output = counting = CountingOutput()
    text = "x" * 79 + "\n"
    whole = text * 5000
    log.take(whole)
    caught_up(log)
    before = counting.fed
    log.take(whole + text)
    caught_up(log)
    assert counting.fed - before == len(text)


def test_the_same_text_again_costs_nothing() -> None:
    log = Log()
    log.take("one\n")
    caught_up(log)
    log.take("one\n")
    assert not log.is_behind


def test_a_stream_whose_middle_is_cut_in_the_state_loses_nothing_here() -> None:
    log, text, cut, sent = Log(), "", 0, 0
    while sent < 250_000:
        piece = "".join(f"{number}\n" for number in range(sent, sent + 5000))
        sent += 5000
        text, more = bounded(text + piece)
        cut += more
        log.take(text, cut)
        caught_up(log)
    assert cut > 0
    assert log.renewed == 0
    kept = range(log.output.dropped, sent)
    assert texts(log) == [*map(str, kept), ""]


def test_a_log_opened_late_says_what_was_not_kept() -> None:
    head, tail = "h\n" * (OUTPUT_HEAD // 2), "t\n" * 100
    log = Log()
    log.take(head + tail, 12_345)
    caught_up(log)
    assert "[12,345 characters were not kept]" in texts(log)


def test_the_final_output_replaces_a_stream_that_missed_its_head() -> None:
    log = Log()
    log.take("two\n")
    caught_up(log)
    log.take("one\ntwo\n", finished=True)
    assert texts(log) == ["two", ""]  # shown until the other one is there
    caught_up(log)
    assert texts(log) == ["one", "two", ""]
    assert log.renewed == 1


def test_a_final_output_that_continues_the_stream_keeps_it() -> None:
    log = Log()
    log.take("one\n")
    caught_up(log)
    log.take("one\ntwo\n", finished=True)
    caught_up(log)
    assert texts(log) == ["one", "two", ""]
    assert log.renewed == 0


def test_a_step_takes_no_longer_than_it_may() -> None:
    now = iter(range(1000))
    log = Log()
    log.take("x" * SLICE * 50)
    log.step(lambda: float(next(now)))  # each look at the clock is a second later
    assert log.is_behind
    assert log.output.cursor[1] == SLICE


def test_binary_data_is_told_from_text() -> None:
    binary, text = Log(), Log()
    binary.take("\x7fELF" + "\x02\x01\x00\x03" * 500)
    text.take("\x1b]0;title\x07plain text\n" * 60)
    assert caught_up(binary).looks_binary
    assert not caught_up(text).looks_binary
