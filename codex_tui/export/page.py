"""A thread as one page of HTML: everything escaped, no script, no picture, nothing from elsewhere.

The agent's markdown is laid out by a parser that takes no HTML; its links stay links, but tell the place
they lead to nothing. The page forbids the browser to load anything, should something of that fail.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from codex_tui.export.document import Moment, facts_of, heading_of, title_of
from codex_tui.export.pieces import Block, Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt

    from codex_tui.session.transcript import Thread

LINKS = frozenset({"http", "https", "mailto"})
PROSE = 200_000
"""Characters of a message that are laid out; a longer one stands as it is: a parser may take minutes."""

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1rem; margin-top: 2.5rem; border-bottom: 1px solid #8886; color: #888; }
.said :is(h1, h2, h3, h4, h5, h6) { font-size: 1.05rem; margin: 1.2em 0 .4em; border: 0; color: inherit; }
blockquote { margin-left: 0; border-left: 3px solid #8886; padding-left: 1rem; }
details { margin: .5rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; color: #888; font-size: .9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre, code { font: .87rem/1.45 ui-monospace, monospace; }
pre { background: #8881; padding: .7rem .9rem; overflow-x: auto; border-radius: 4px; }
.you { border-left: 3px solid #48c; padding-left: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.who { font-weight: 600; }
.facts { color: #888; }
summary { cursor: pointer; overflow-wrap: anywhere; }
table { border-collapse: collapse; } td, th { border: 1px solid #8886; padding: .2rem .6rem; }
ins { text-decoration: none; color: #2a7d35; } del { text-decoration: none; color: #b3343a; }
@media print { pre { white-space: pre-wrap; overflow-wrap: anywhere; } }
@media (prefers-color-scheme: dark) { ins { color: #7ccf87; } del { color: #f0868b; } }
"""


def page(thread: Thread, moment: Moment) -> str:
    """The whole document."""
    return "\n".join(_lines(thread, moment)) + "\n"


def _lines(thread: Thread, moment: Moment) -> Iterator[str]:
    title = escape(title_of(thread))
    yield "<!DOCTYPE html>"
    yield '<html><head><meta charset="utf-8">'
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{title}</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{title}</h1><dl>"
    for name, value in facts_of(thread, moment):
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"
    parser = _parser()
    number = 0
    for turn in thread.turns:
        if not turn.is_notes:
            number += 1
            yield f"<h2>{escape(heading_of(turn, number, moment))}</h2>"
        for one in pieces(turn):
            yield from _piece(one, parser)
    yield "</body></html>"


def _piece(piece: Piece, parser: MarkdownIt) -> Iterator[str]:
    subject = f" <code>{escape(piece.subject)}</code>" if piece.subject else ""
    facts = f' <span class="facts">{escape(piece.facts)}</span>' if piece.facts else ""
    head = f'<span class="who">{escape(piece.who)}</span>{subject}{facts}'
    blocks = [_block(block, parser) for block in piece.blocks]
    if piece.aside and blocks:
        yield f"<details><summary>{head}</summary>"
        yield from blocks
        yield "</details>"
    else:
        yield f"<p>{head}</p>"
        yield from blocks


def _block(block: Block, parser: MarkdownIt) -> str:
    match block.form:
        case "prompt":
            return f'<div class="you">{escape(block.text)}</div>'
        case "prose" if len(block.text) <= PROSE:
            return f'<div class="said">{parser.render(block.text)}</div>'
        case "diff":
            rows = "\n".join(map(_diff_row, block.text.split("\n")))
            return f"<pre>{rows}</pre>"
        case _:
            return f"<pre>{escape(block.text)}</pre>"


def _diff_row(row: str) -> str:
    element = {"+": "ins", "-": "del"}.get(row[:1])
    return f"<{element}>{escape(row)}</{element}>" if element else escape(row)


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = _leads_out  # pyright: ignore[reportAttributeAccessIssue]
    return parser


def _leads_out(address: str) -> bool:
    """Whether a link may stand: only such as a browser opens as a page or hands to a mail program."""
    try:
        return urlsplit(address).scheme.lower() in LINKS
    except ValueError:
        return False
