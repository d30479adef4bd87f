"""What a browser would contact for a URL: the host rules of the WHATWG URL standard.

Browsers forgive much (backslashes, tabs, `user@`, `0x7f.1`, full-width letters), so the host in the
text is not always the host they go to. Pure: nothing is looked up and nothing is fetched.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from unicodedata import name
from urllib.parse import unquote_to_bytes

MAX_HOST = 1024
"""Characters of a host that are read at all; a name has 253 at most."""

Problem = Literal["scheme", "host", "port"]
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_FORBIDDEN = re.compile(r"[\x00-\x20\"#%/:<>?@\[\\\]^`{|}\x7f]")
_STRIPPED = "".join(map(chr, range(0x21)))
# Second labels under which countries give out names: the registrable part has three labels there.
_SHARED = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads. `host` is ASCII as a browser writes it (`xn--…`, IPv6 in brackets).

    `port` is None when it is the scheme's own. `rewritten` means that the text is not what a
    browser takes it for: it drops or replaces characters. `span` is where the host stands in the text,
    None when it was rewritten.
    """

    scheme: str
    host: str
    port: int | None = None
    has_userinfo: bool = False
    rewritten: bool = False
    span: tuple[int, int] | None = None

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address."""
        return address_of(self.host) is not None

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine itself."""
        address = address_of(self.host)
        if address is not None:
            return (getattr(address, "ipv4_mapped", None) or address).is_loopback
        bare = self.host.rstrip(".")
        return bare == "localhost" or bare.endswith(".localhost")


def read_url(text: str) -> Target | Problem:
    """Where `text` leads; what is wrong when a browser would not go anywhere with http or https."""
    cleaned = re.sub(r"[\t\n\r]", "", text.strip(_STRIPPED))
    found = _SCHEME.match(cleaned)
    scheme = found.group(1).lower() if found else ""
    if found is None or scheme not in _DEFAULT_PORTS:
        return "scheme"
    start = found.end()
    while start < len(cleaned) and cleaned[start] in "/\\":
        start += 1
    slashes = cleaned[found.end() : start]
    stop = re.compile(r"[/\\?#]|$").search(cleaned, start)
    end = stop.start() if stop else len(cleaned)
    authority = cleaned[start:end]
    userinfo, at, rest = authority.rpartition("@")
    host_text, port_text = _split_port(rest)
    host = read_host(host_text)
    if host is None:
        return "host"
    port = _read_port(port_text)
    if port is None:
        return "port"
    rewritten = cleaned != text or slashes != "//" or "\\" in cleaned or host != host_text.lower()
    begin = start + len(userinfo) + len(at)
    return Target(
        scheme,
        host,
        None if port in (-1, _DEFAULT_PORTS[scheme]) else port,
        has_userinfo=bool(at),
        rewritten=rewritten,
        span=None if rewritten else (begin, begin + len(host_text)),
    )


def _split_port(text: str) -> tuple[str, str]:
    """Host and port; a colon inside brackets belongs to the host."""
    closing = text.rfind("]")
    colon = text.find(":", closing + 1)
    return (text, "") if colon < 0 else (text[:colon], text[colon + 1 :])


def _read_port(text: str) -> int | None:
    """The port, -1 when there is none, None when it is no port."""
    if not text:
        return -1
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0") or "0"
    port = int(digits) if len(digits) <= 5 else 1 << 16
    return port if port < 1 << 16 else None


def read_host(text: str) -> str | None:
    """The host as a browser writes it, None when it would refuse it."""
    if not text or len(text) > MAX_HOST:
        return None
    if text.startswith("["):
        return _read_ipv6(text)
    try:
        domain = unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return None
    ascii_name = _to_ascii(domain)
    if not ascii_name or _FORBIDDEN.search(ascii_name):
        return None
    if _ends_in_number(ascii_name):
        return _read_ipv4(ascii_name)
    return ascii_name


def _read_ipv6(text: str) -> str | None:
    if not text.endswith("]") or "%" in text:
        return None
    try:
        address = ipaddress.IPv6Address(text[1:-1])
    except ValueError:
        return None
    if address.ipv4_mapped is not None:
        # Newer Pythons write these with dots, browsers never do.
        low = int(address.ipv4_mapped)
        return f"[::ffff:{low >> 16:x}:{low & 0xFFFF:x}]"
    return f"[{address}]"


def _to_ascii(domain: str) -> str | None:
    """The name in lower case and punycode (UTS #46, not transitional).

    Validity is not judged beyond the mapping: what a stricter browser refuses, it does not contact.
    """
    if domain.isascii():
        return domain.lower()
    import idna

    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        labels = re.split("[.\u3002\uff0e\uff61]", mapped)
        return ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
            for label in labels
        )
    except (idna.IDNAError, UnicodeError):
        return None


def _ends_in_number(host: str) -> bool:
    labels = host.split(".")
    if not labels[-1]:
        labels.pop()
    last = labels[-1] if labels else ""
    return bool(re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last))


def _read_ipv4(host: str) -> str | None:
    parts = host.split(".")
    if not parts[-1] and len(parts) > 1:
        parts.pop()
    if len(parts) > 4:
        return None
    numbers: list[int] = []
    for part in parts:
        value = _ipv4_number(part)
        if value is None:
            return None
        numbers.append(value)
    *front, last = numbers
    if any(value > 255 for value in front) or last >= 256 ** (4 - len(front)):
        return None
    total = last + sum(value << (24 - 8 * index) for index, value in enumerate(front))
    return str(ipaddress.IPv4Address(total))


def _ipv4_number(part: str) -> int | None:
    if not part or len(part) > 40:  # no part of an address needs more digits
        return None
    base = 10
    if part.startswith("0x"):
        base, part = 16, part[2:] or "0"
    elif len(part) > 1 and part.startswith("0"):
        base, part = 8, part[1:]
    digits = {16: r"[0-9a-f]+", 10: r"[0-9]+", 8: r"[0-7]+"}[base]
    return int(part, base) if re.fullmatch(digits, part) else None


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host of `read_host` is, None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def registrable(host: str) -> str:
    """The end of a name that somebody owns: its last two labels, three below `co.uk` and the like.

    A guess without a list of public suffixes; addresses are given back whole.
    """
    if address_of(host) is not None:
        return host
    labels = host.rstrip(".").split(".")
    wide = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if wide else labels[-2:])


def spelled(host: str) -> str:
    """The host with its punycode labels decoded; a label that cannot be decoded stays."""
    labels: list[str] = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


def scripts(text: str) -> frozenset[str]:
    """The scripts of the letters in `text`, as the first words of their Unicode names (`LATIN`)."""
    return frozenset(name(char, "UNKNOWN").split(" ")[0].split("-")[0] for char in text if char.isalpha())
