"""Lines of odd contents: none may lose a question, none may fail later."""

from __future__ import annotations

import pytest

from codex_tui.engine.codec import BadLineError, Notification, ServerRequest, decode


def test_half_a_surrogate_pair_loses_no_question() -> None:
    asked = decode(rb'{"id":1,"method":"item/x","params":{"command":"ls \ud800"}}')
    assert asked == ServerRequest(1, "item/x", {"command": "ls \ud800"})


@pytest.mark.parametrize(
    "line",
    [
        rb'{"method":"\ud800","params":NaN}',
        rb'{"method":"\ud800"',
        rb'{"method":"\ud800","params":' + b'{"a":' * 100_000,
        b'{"method":"\xed\xa0\x80"}',
    ],
)
def test_what_else_is_wrong_stays_wrong(line: bytes) -> None:
    with pytest.raises(BadLineError):
        decode(line)


def test_a_number_of_more_digits_than_python_writes_is_refused() -> None:
    with pytest.raises(BadLineError, match="number"):
        decode(b'{"method":"x","params":{"n":' + b"9" * 5000 + b"}}")


def test_as_many_digits_in_a_text_are_welcome() -> None:
    text = "9" * 5000
    assert decode(b'{"method":"x","params":{"n":"' + text.encode() + b'"}}') == Notification(
        "x", {"n": text}, None
    )
