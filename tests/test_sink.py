"""Foreign text reaches a terminal through one type only: call sites keep to it."""

from __future__ import annotations

from pathlib import Path

import pytest

import codex_tui
from tests.sink import Finding, Reader, read_package, read_source

PACKAGE = Path(codex_tui.__file__).parent

# Places whose text is safe though the check cannot see it, each looked at: (file, function) and why.
REVIEWED: dict[tuple[str, str], str] = {
    ("app.py", "CodexApp._copy"): "made by copyable(), in a thread",
    ("cli.py", "_print"): "of a ClientError, looked at where it is made; last words: literals and a safe id",
    ("cli.py", "_require_terminal"): "the name is one of two literals",
    ("composer/editor.py", "Composer.__init__"): "the app's own literal, or a suggestion of the demo",
    ("screens/history/screen.py", "HistoryScreen._fail"): "the words of a ClientError are safe",
    ("opening.py", "_cannot_resume"): "the words of a RefusedError, which is cleaned",
    ("dialogs/answers.py", "Answers.listed"): "a choice's sign is safe text, padded",
    ("dialogs/frame.py", "Frame._guard"): "tenths of a second",
    ("dialogs/prefix.py", "PrefixStep._past"): "the beginning of a row that is safe",
    ("dialogs/prefix.py", "PrefixStep._body"): "one of our own marks",
    ("dialogs/questions.py", "Asking._strips"): "a number from 1 to 9",
    ("dialogs/questions.py", "Asking.keys"): "a number from 1 to 9",
    ("dialogs/signs.py", "plainly"): "safe text whose signs give way to words in ASCII",
    ("dialogs/url.py", "warnings"): "a port, which is an int",
    ("doctor.py", "report"): "versions and names of our own; the values go through line()",
    ("engine/locate.py", "_checked"): "the system's own words for an error; paths go through line()",
    ("engine/process.py", "_cannot_run"): "literals, the system's own words, and which rule found the engine",
    ("errors.py", "ClientError.__init__"): "passed on to Exception; nothing prints it but tell()",
    ("options.py", "_parser.Parser.error"): "_shown is line()",
    ("options.py", "parse"): "_shown is line()",
    ("options.py", "_directory"): "_shown is line()",
    ("options.py", "_file"): "_shown is line()",
    ("config.py", "load"): "the path and the message go through line() and block() there",
    ("paint/code.py", "_add"): "pieces of safe lines; highlight() compares them with what it was given",
    ("paint/changerows.py", "Drawn.text"): "the beginning of a text made by tabbed()",
    ("paint/diff.py", "line_rows"): "a line number",
    ("paint/lines.py", "slice_parts"): "a piece of safe text",
    ("paint/lines.py", "clock"): "the time of day",
    ("paint/ansi.py", "SafeLine.row"): "a piece of safe text",
    ("paint/output.py", "Output._coloured"): "spans of an Open line, which looks at them when it makes rows",
    ("paint/notice.py", "paint_turn_end"): "one of our own marks and a duration",
    ("paint/plan.py", "_step"): "one of our own marks",
    ("paint/question.py", "NumberedText.paint"): "a line number",
    ("paint/question.py", "counted_blanks"): "a count, and an escape between signs",
    ("paint/question.py", "paint_facts"): "a label is safe text, padded",
    ("paint/question.py", "paint_files"): "a piece of a path that is safe text",
    ("paint/tables.py", "table_rows"): "one of our own marks",
    ("dialogs/care.py", "shown_path"): "safe text in which runs of blanks give way to their count",
    ("panes/chat/empty.py", "paint_words"): "the rows of a glimpse are safe text",
    ("panes/chat/margin.py", "Margin.row"): "one of our own marks",
    ("panes/chat/finish.py", "Finish.row"): "the text of a segment, which was looked at where it is made",
    ("panes/chat/finish.py", "_mark"): "the text of a segment, which was looked at where it is made",
    ("paint/sidebyside.py", "split_rows"): "one of our own marks",
    ("paint/sidebyside.py", "_side"): "a line number; pieces of safe parts",
    ("paint/sidebyside.py", "_shifted"): "cells cut out of safe parts",
    ("panes/diff/files.py", "paint_file"): "pieces of a path that is safe text",
    ("panes/diff/painter.py", "Painter._title"): "one of our own marks",
    ("panes/diff/painter.py", "Painter.name"): "pieces of a path that is safe text",
    (
        "panes/diff/painter.py",
        "Painter.under_cursor",
    ): "one of our own marks; segments that were painted here",
    ("panes/status/widgets.py", "OneLine.render_line"): "parts of the status line are safe text",
    ("screens/keys.py", "_block"): "keys and titles of our own table of actions",
    ("screens/links.py", "LinkScreen._listed"): "a line number",
    ("screens/log.py", "LogScreen._text"): "the severity is one of our own words, lines are safe text",
    ("screens/log.py", "LogScreen.compose"): "the text above",
}


@pytest.fixture(scope="module")
def readers() -> list[Reader]:
    return read_package(PACKAGE)


@pytest.fixture(scope="module")
def findings(readers: list[Reader]) -> list[Finding]:
    return [finding for reader in readers for finding in reader.findings]


def test_call_sites_take_safe_text_or_are_reviewed(findings: list[Finding]) -> None:
    new = [finding for finding in findings if finding.place not in REVIEWED]
    assert not new, "\n".join(f"{f.file}:{f.line} in {f.where}: {f.what}" for f in new)


def test_every_reviewed_place_is_still_there(findings: list[Finding]) -> None:
    assert not set(REVIEWED) - {finding.place for finding in findings}


def test_nothing_parses_markup_or_opens_links_by_itself(readers: list[Reader]) -> None:
    found = [finding for reader in readers for finding in reader.forbidden]
    assert not found, found


BEFORE = """
from codex_tui.text import SafeText, join, line, own
from rich.segment import Segment
from rich.text import Text
from textual.content import Content
from textual.widgets import Static

def shown(text: SafeText, raw: str, rows: list[SafeText], count: int) -> object:
"""


@pytest.mark.parametrize(
    "planted",
    [
        "return Segment(raw, None)",
        "return Text(raw)",
        "return Content(f'{text} {raw}')",
        "return Static(raw)",
        "return Static(str(count) + raw)",
        "return SafeText(raw)",
        "return SafeText(f'{raw:>20}')",
        "return SafeText(line(raw) + raw)",
        "return SafeText(raw.strip())",
        "return SafeText(line(raw).replace('x', raw))",
        "return [Segment(part) for part in raw.split()]",
        "return [Segment(part) for part in (*rows, raw)]",
        "words = raw\n    return Text(words)",
        "words = text\n    words += raw\n    return Text(words)",
        "words = line(raw) if count else raw\n    return Text(words)",
        "told = Text()\n    told.append(raw, style='red')\n    return told",
        "print(raw)",
        "import sys\n    sys.stdout.write(raw)",
        "raise ClientError(own('x'), detail=raw)",
        "shown.border_title = raw",
        "shown.app.title = f'codex {raw}'",
        "shown.app.notify(raw)",
        "shown.app.copy_to_clipboard(raw)",
        "return Input(placeholder=raw, title=raw) or Static(raw)",
        "return (lambda raw: Text(raw))(text)",
    ],
)
def test_a_planted_violation_is_found(planted: str) -> None:
    assert read_source(BEFORE + "    " + planted).findings


@pytest.mark.parametrize(
    "planted",
    [
        "Static(text, markup=True)",
        "Static(text, markup=bool(count))",
        "Content.from_markup(text)",
        "Text.from_markup(text)",
        "Text.from_ansi(text)",
        "shown.app.open_url(text)",
    ],
)
def test_a_planted_way_to_markup_is_found(planted: str) -> None:
    assert read_source(BEFORE + "    " + planted).forbidden


@pytest.mark.parametrize(
    "fine",
    [
        "return Segment(text, None)",
        "return Text(line(raw))",
        "return Content(own('x') + text)",
        "return SafeText(f'{line(raw)} {count:,}')",
        "return [Segment(part) for part in rows]",
        "words = join(text, line(raw))\n    return Static(words, markup=False)",
        "return SafeText(' ' * count)",
        "return SafeText(text[3:].ljust(9))",
        "raise ClientError(f'no such thing: {line(raw)}', hint='Look elsewhere.')",
    ],
)
def test_what_is_safe_is_left_alone(fine: str) -> None:
    reader = read_source(BEFORE + "    " + fine)
    assert not reader.findings
    assert not reader.forbidden
