"""The host that a browser would contact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_tui.text.hosts import Target, read_host, read_url, registrable, scripts, spelled

HOSTS = [
    ("https://example.com", "example.com"),
    ("https://EXAMPLE.com/Path", "example.com"),
    ("HTTPS://example.com", "example.com"),
    ("https:example.com", "example.com"),
    ("https:////example.com", "example.com"),
    (r"https:\\example.com\x", "example.com"),
    (r"https://evil.example\.github.com/", "evil.example"),
    (r"https://github.com\@evil.example/", "github.com"),
    ("https://github.com@evil.example/", "evil.example"),
    ("https://a@b@evil.example/", "evil.example"),
    ("https://user:secret@evil.example:8443/", "evil.example"),
    ("https://github.com#@evil.example/", "github.com"),
    ("https://github.com?@evil.example/", "github.com"),
    ("https://github.com/@evil.example/", "github.com"),
    ("  https://example.com/  ", "example.com"),
    ("\x01https://example.com/", "example.com"),
    ("ht\ntps://exa\tmple.com/", "example.com"),
    ("https://ex%61mple.com/", "example.com"),
    ("https://github%2ecom/", "github.com"),
    ("https://github.com./", "github.com."),
    ("https://\uff47ithub.com/", "github.com"),
    ("https://github\u3002com/", "github.com"),
    ("https://git\u200bhub.com/", "github.com"),
    ("https://g\u043e\u043egle.com/", "xn--ggle-55da.com"),
    ("https://B\u00dcCHER.example/", "xn--bcher-kva.example"),
    ("https://fa\u00df.de/", "xn--fa-hia.de"),
    ("https://xn--ggle-55da.com/", "xn--ggle-55da.com"),
    ("https://a_b.example/", "a_b.example"),
    ("http://2130706433/", "127.0.0.1"),
    ("http://0x7f.1/", "127.0.0.1"),
    ("http://0X7F000001/", "127.0.0.1"),
    ("http://0177.0.0.1/", "127.0.0.1"),
    ("http://127.1/", "127.0.0.1"),
    ("http://127.0.0.1./", "127.0.0.1"),
    ("http://\uff11\uff12\uff17.1/", "127.0.0.1"),
    ("http://0x/", "0.0.0.0"),
    ("http://[::1]:80/", "[::1]"),
    ("http://[0:0:0:0:0:0:0:1]/", "[::1]"),
    ("http://[::ffff:127.0.0.1]/", "[::ffff:7f00:1]"),
]


@pytest.mark.parametrize(("text", "host"), HOSTS)
def test_the_host_is_the_one_a_browser_contacts(text: str, host: str) -> None:
    target = read_url(text)
    assert isinstance(target, Target)
    assert target.host == host


REFUSED = [
    ("javascript:alert(1)", "scheme"),
    ("data:text/html,x", "scheme"),
    ("file://evil.example/share", "scheme"),
    ("blob:https://github.com/uuid", "scheme"),
    ("-https://evil.example", "scheme"),
    ("--help", "scheme"),
    ("//evil.example", "scheme"),
    ("", "scheme"),
    ("https://", "host"),
    ("https:///", "host"),
    ("https://@/", "host"),
    ("https://exa mple.com/", "host"),
    ("https://exa%20mple.com/", "host"),
    ("https://a%00b/", "host"),
    ("https://a%zz/", "host"),
    ("https://a%ff/", "host"),
    ("https://a|b/", "host"),
    ("https://[::1/", "host"),
    ("https://[::1%25eth0]/", "host"),
    ("https://1.2.3.4.5/", "host"),
    ("https://256.1.1.1/", "host"),
    ("https://4294967296/", "host"),
    ("https://09.1.1.1/", "host"),
    ("https://example.0x1g/x", None),
    ("https://h:99999/", "port"),
    ("https://h:8o/", "port"),
    ("https://h:-1/", "port"),
    ("https://h:\u0661/", "port"),
]


@pytest.mark.parametrize(("text", "problem"), REFUSED)
def test_what_a_browser_does_not_open_has_no_host(text: str, problem: str | None) -> None:
    target = read_url(text)
    assert (None if isinstance(target, Target) else target) == problem


@pytest.mark.parametrize(
    ("text", "port"),
    [("https://h:443/", None), ("http://h:80/", None), ("https://h:/", None), ("https://h:0008443/", 8443)],
)
def test_only_an_unusual_port_is_said(text: str, port: int | None) -> None:
    target = read_url(text)
    assert isinstance(target, Target)
    assert target.port == port


@pytest.mark.parametrize("text", ["https://a.example/x?y#z", "https://A.example:8443/", "http://[::1]/"])
def test_the_host_is_found_in_the_text(text: str) -> None:
    target = read_url(text)
    assert isinstance(target, Target)
    assert target.span is not None
    assert text[slice(*target.span)].lower() == target.host


@pytest.mark.parametrize(
    "text",
    [" https://a.example", "https:/a.example", "https://a%2eb/", "https://a.example/\\", "http://127.1/"],
)
def test_a_text_that_a_browser_rewrites_is_marked(text: str) -> None:
    target = read_url(text)
    assert isinstance(target, Target)
    assert target.rewritten
    assert target.span is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost", True),
        ("a.localhost.", True),
        ("localhost.example.com", False),
        ("10.0.0.1", False),
        ("notlocalhost", False),
    ],
)
def test_this_machine_is_told_from_others(host: str, loopback: bool) -> None:
    assert Target("http", host).is_loopback is loopback


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("github.com.login.evil.example", "evil.example"),
        ("example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("a.b.example.de", "example.de"),
        ("a.example.com.", "example.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_the_part_that_somebody_owns_is_at_the_end(host: str, owner: str) -> None:
    assert registrable(host) == owner


def test_punycode_can_be_read_and_its_scripts_named() -> None:
    assert spelled("xn--ggle-55da.com") == "g\u043e\u043egle.com"
    assert spelled("xn--\x80.com") == "xn--\x80.com"
    assert scripts("g\u043eogle1") == {"LATIN", "CYRILLIC"}


@given(st.text(max_size=60))
def test_whatever_is_read_never_fails_and_is_plain(text: str) -> None:
    for prefix in ("", "https://", "http:"):
        target = read_url(prefix + text)
        if isinstance(target, Target):
            assert target.host.isascii()
            assert not set(target.host) & set(" /\\?#@<>%|^")


@given(st.from_regex(r"[a-z0-9.\-_:%\[\]x]{1,20}", fullmatch=True))
def test_a_host_stays_what_it_is_when_read_again(text: str) -> None:
    host = read_host(text)
    if host is not None:
        assert read_host(host) == host
