"""What in a text is an address or a place in a file."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.session.references import (
    MAX_FOUND,
    MAX_LOOKUPS,
    MAX_TEXT,
    Reference,
    existing,
    find_references,
    reference_at,
)


def found(text: str) -> list[str]:
    return [one.target if one.line is None else f"{one.target}:{one.line}" for one in find_references(text)]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("(https://example.org/a_(b)), or", ["https://example.org/a_(b)"]),
        ("[docs](https://example.org/x?y=1&z=2#top)", ["https://example.org/x?y=1&z=2#top"]),
        ("**http://localhost:8080/** and <HTTPS://EXAMPLE.ORG>", ["http://localhost:8080/", "HTTPS://EXAMPLE.ORG"]),
        ('href="https://example.org/%20"', ["https://example.org/%20"]),
        ("https://user@evil.example/@good.example:443/", ["https://user@evil.example/@good.example:443/"]),
        ("https://bücher.example/straße", ["https://bücher.example/straße"]),
        ("https://example.org/a\x1b[0m\u202eb", ["https://example.org/a"]),
        ("xhttps://example.org", []),
    ],
)  # fmt: skip
def test_addresses_without_the_sentence_around_them(text: str, addresses: list[str]) -> None:
    assert [one.target for one in find_references(text) if one.kind == "url"] == addresses


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('  File "/srv/my app/a.py", line 12, in f', ["/srv/my app/a.py:12"]),
        ("tests/test_a.py:31: AssertionError", ["tests/test_a.py:31"]),
        ("FAILED tests/test_a.py::test_b - x", ["tests/test_a.py"]),
        ("src/a.c:3:17: error: no", ["src/a.c:3"]),
        ("  --> src/main.rs:10:5", ["src/main.rs:10"]),
        ("src/a.ts(12,5): error TS2304", ["src/a.ts:12"]),
        ("    at f (/srv/x.js:10:5)", ["/srv/x.js:10"]),
        ("file:///srv/a%20b.js:10:5", ["/srv/a b.js:10"]),
        ("`src/app.py:12`, [x](docs/a.md#L7).", ["src/app.py:12", "docs/a.md:7"]),
        ("./run.sh and ../b/c.txt, ~/.bashrc", ["./run.sh", "../b/c.txt", "~/.bashrc"]),
        ("Makefile:12 but Makefile alone is a word", ["Makefile:12"]),
        ("-rw-r--r-- 1 root 12:30 notes.txt", ["notes.txt"]),
        ("src/größe.py:2", ["src/größe.py:2"]),
        ("a.py:0 b.py:99999999", ["a.py", "b.py"]),
        ("10:30:12 3.14 v1", []),
    ],
)
def test_places_in_files_as_programs_write_them(text: str, places: list[str]) -> None:
    assert found(text) == places


def test_a_reference_knows_where_it_stands() -> None:
    text = "look at src/app.py:12, then https://example.org/x."
    for one in find_references(text):
        assert text[one.start : one.end] in ("src/app.py:12", "https://example.org/x")
        assert reference_at(text, one.start) == reference_at(text, one.end - 1) == one
    assert reference_at(text, 0) is None
    assert reference_at(text, text.index(",")) is None


def test_an_address_is_not_taken_apart_into_files() -> None:
    assert found("https://example.org/src/a.py:12 src/a.py:13") == [
        "https://example.org/src/a.py:12",
        "src/a.py:13",
    ]


def test_only_files_that_are_there_and_each_once() -> None:
    text = "a.py a.py:1 a.py:1 b.py e.g. and/or https://example.org"
    there = existing(find_references(text), {"a.py", "b.py"}.__contains__)
    assert [(one.target, one.line) for one in there] == [
        ("a.py", 1),
        ("b.py", None),
        ("https://example.org", None),
    ]


def test_files_are_looked_for_a_bounded_number_of_times() -> None:
    asked: list[str] = []

    def exists(path: str) -> bool:
        asked.append(path)
        return False

    many = [Reference("file", f"{at}.py") for at in range(MAX_LOOKUPS * 3)]
    assert existing(many, exists) == []
    assert len(asked) == MAX_LOOKUPS


def test_of_a_long_text_the_end_is_read() -> None:
    text = "first.py:1 " + "x" * MAX_TEXT + " last.py:2"
    assert found(text) == ["last.py:2"]
    assert text[find_references(text)[0].start :] == "last.py:2"
    assert len(find_references(" ".join(f"{at}/a.py" for at in range(MAX_FOUND * 2)))) == MAX_FOUND


@pytest.mark.parametrize(
    "unit", ["a", "a/", "a.", "https://", "(", ")", "*", "a:1", "https://a)", 'File "', "-", "/"]
)
def test_no_text_takes_long(unit: str) -> None:
    begun = time.process_time()
    find_references(unit * (MAX_TEXT // len(unit)))
    find_references("https://a" + unit * (MAX_TEXT // len(unit) - 9))
    assert time.process_time() - begun < 2.0


@given(st.text(max_size=200))
def test_any_text_gives_references_that_stand_in_it(text: str) -> None:
    for one in find_references(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.target
