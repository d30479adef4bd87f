"""Which text is a number, a date, an address; strict and by hand, since answers leave for good. Pure."""

from __future__ import annotations

import datetime
import ipaddress
import math
import re
from typing import Any

FORMATS = frozenset({"email", "uri", "date", "date-time"})
MAX_DIGITS = 300
"""Characters of a number that is typed; more is no number a server can use."""
MAX_MATCHED = 200
"""Characters of a text that a pattern is tried on, and of the pattern: matching stays quick."""
MAX_REPEATS = 2
"""Parts of open length in a pattern that is tried: time grows by a power of one more than that."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-]([0-9]{2}):([0-9]{2}))"
)
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*@(.+)")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")


def read_integer(text: str) -> int | None:
    """The whole number that `text` spells as JSON does, else None."""
    return int(text) if len(text) <= MAX_DIGITS and _INTEGER.fullmatch(text) else None


def read_number(text: str) -> int | float | None:
    """The finite number that `text` spells as JSON does, else None."""
    whole = read_integer(text)
    if whole is not None:
        return whole
    if len(text) > MAX_DIGITS or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def number_within(value: Any, low: float | None, high: float | None, *, whole: bool) -> bool:
    """Whether `value` is a finite number (a whole one) between the bounds, both inclusive."""
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return False
    if not math.isfinite(value) or len(repr(value)) > MAX_DIGITS:
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def fits_format(form: str, text: str) -> bool:
    """Whether `text` is of that format of JSON Schema; a format not in `FORMATS` is never met."""
    if form == "date":
        return _is_date(text)
    if form == "date-time":
        return _is_date_time(text)
    if form == "email":
        return _is_email(text)
    return form == "uri" and _URI.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_date_time(text: str) -> bool:
    """RFC 3339: with seconds and a zone; a leap second only where one may be."""
    found = _DATE_TIME.fullmatch(text)
    if found is None or not _is_date(found.group(1)):
        return False
    hour, minute, second = (int(found.group(index)) for index in (2, 3, 4))
    zone = all(int(found.group(index) or 0) <= most for index, most in ((5, 23), (6, 59)))
    return hour <= 23 and minute <= 59 and second <= (60 if minute == 59 else 59) and zone


def _is_email(text: str) -> bool:
    found = _EMAIL.fullmatch(text) if len(text) <= 254 else None
    if found is None or len(text) - len(found.group(1)) > 65:
        return False
    domain = found.group(1)
    if domain.startswith("[") and domain.endswith("]"):
        try:
            ipaddress.ip_address(domain[1:-1].removeprefix("IPv6:"))
        except ValueError:
            return False
        return True
    return all(_LABEL.fullmatch(label) for label in domain.split("."))


def is_safe_pattern(pattern: str) -> bool:
    """Whether trying it takes little time: ASCII, no groups or references, few parts of open length."""
    if len(pattern) > MAX_MATCHED or not pattern.isascii():
        return False
    bare = re.sub(r"\[\^?\]?(?:\\.|[^\]\\])*\]", "c", re.sub(r"\\[^1-9]", "c", pattern))
    if re.search(r"[()\\\[\]]", bare):
        return False
    repeats = re.findall(r"[*+?]|\{[0-9]*,?[0-9]*\}", bare)
    counts = [int(count) for repeat in repeats for count in re.findall(r"[0-9]+", repeat)]
    open_ended = [repeat for repeat in repeats if repeat in "*+?" or "," in repeat]
    if len(open_ended) > MAX_REPEATS or any(count > MAX_MATCHED for count in counts):
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def fits_pattern(pattern: str, text: str) -> bool:
    """Whether a safe pattern is found in `text`; a text too long to try does not fit."""
    if len(text) > MAX_MATCHED:
        return False
    return bool(re.search(pattern, text) and re.search(pattern, text, re.ASCII))
