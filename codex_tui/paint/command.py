"""A command: what ran, how it ended, and what it printed."""

from __future__ import annotations

from textual.strip import Strip

from codex_tui.paint.ansi import count_lines, first_lines, last_lines, output_rows
from codex_tui.paint.excerpt import MOST, MOST_FOLDED, first_within, last_within
from codex_tui.paint.facts import counted, fold_sign, left_out, outcome, outcome_of, taken
from codex_tui.paint.lines import Part, Row, chop, headline, headline_room, indented, note, text_width
from codex_tui.paint.look import Fold, Look
from codex_tui.paint.shell import MAX_PARSED, bare_command
from codex_tui.protocol.items import CommandExecution
from codex_tui.session.transcript import Item
from codex_tui.text import SafeText, copyable, lines, own, shorten, wrap_hard

TAIL_ROWS = 5
OWN_ROWS = 20  # of a command that the person ran: they want to see what it says
"""Last rows of output in the normal view: the same while it runs and after, so nothing jumps."""
FULL_HEAD = 500
FULL_TAIL = 1500
"""Lines of output shown when unfolded: the first and the last ones, where the news is."""
COMMAND_ROWS = 4
"""Lines of a long command in the normal view."""
INDENT = 2
MAX_SHOWN = 100_000
"""Characters of a command that are painted in the chat; the approval shows all of it."""

_LOOKING = {"read", "listFiles", "search"}


def paint_command(item: Item, body: CommandExecution, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    rows = lines(bare_command(body.command)[:MAX_SHOWN])
    output = body.aggregated_output or ""
    facts = _facts(item, body, look, output)
    sign = fold_sign(look, fold, is_foldable(item, body))
    first, rest = rows[0], rows[1:]
    if fold == "full":
        room = max(text_width(look) // 2, headline_room(look, facts, sign) - (2 if _is_own(body) else 0))
        first, *others = wrap_hard(first, room)
        rest = [SafeText("".join(others)), *rest] if others else rest
    title: list[Part] = [(first, palette.text)]
    if len(rows) > 1:
        title.append((SafeText(f" {look.marks.newline} +{len(rows) - 1}"), palette.dim))
    style = palette.dim
    if _is_own(body):
        style = palette.warn
        title.insert(0, (own("! "), style))
    strips = [headline(look, look.marks.command, style, title, facts, sign)]
    if fold == "brief":
        return strips
    strips += _other_rows(rest, look, fold)
    return strips + paint_output(output, look, fold, _tail_rows(body), item.output_cut)


def _is_own(body: CommandExecution) -> bool:
    """Whether the person ran it in their shell, without the sandbox."""
    return body.source == "userShell"


def _tail_rows(body: CommandExecution) -> int:
    if _is_own(body):
        return OWN_ROWS
    return 0 if _is_looking(body) else TAIL_ROWS


def _facts(item: Item, body: CommandExecution, look: Look, output: str) -> list[Row]:
    count = count_lines(output)
    size: list[Row] = [[(counted(count, own("line")), look.palette.dim)]] if count else []
    return [*_outcome(item, body, look, bool(output)), *taken(look, item, body.duration_ms), *size]


def _outcome(item: Item, body: CommandExecution, look: Look, printed: bool) -> list[Row]:
    marks, palette = look.marks, look.palette
    code = body.exit_code
    if body.status == "completed" and code is not None:
        good = code == 0
        return [outcome(marks.ok if good else marks.bad, _exit(code), palette.good if good else palette.bad)]
    if body.status == "failed" and code is not None and code >= 0:
        return [outcome(marks.bad, _exit(code), palette.bad)]
    if body.status == "declined":
        word = own("cancelled, not run") if item.outcome == "cancel" else own("declined, not run")
        return [outcome(marks.bad, word, palette.warn)]
    if body.status == "inProgress" and item.phase == "running" and not printed and _is_asked(item, body):
        return [[(own("waiting"), palette.dim)]]
    if body.status == "inProgress" and item.phase != "running":
        word = own("end not seen") if printed else own("not known to have run")
        return [outcome(marks.unknown, word, palette.warn)]
    return outcome_of(look, item, body.status, own("done"), own("running"))


def _is_asked(item: Item, body: CommandExecution) -> bool:
    """Whether it has not been started yet: a command that needs an approval has no process so far."""
    return not item.outcome and body.process_id is None and body.source == "agent"


def _exit(code: int) -> SafeText:
    return SafeText(f"exit {code}")


def _is_looking(body: CommandExecution) -> bool:
    """Whether the command only reads, lists or searches: its output is for the agent. Failures are shown."""
    return body.status != "failed" and not body.exit_code and only_looks(body)


def only_looks(body: CommandExecution) -> bool:
    """Whether all that the command does is to read, list or search, by the engine's reading of it.

    Not when the person ran it: then the output is for them.
    """
    if _is_own(body):
        return False
    return bool(body.command_actions) and all(action.type in _LOOKING for action in body.command_actions)


def _other_rows(rows: list[SafeText], look: Look, fold: Fold) -> list[Strip]:
    """The command's other lines, below its first one; cut to the width unless unfolded."""
    style, width = look.palette.text, text_width(look)
    limit = FULL_HEAD if fold == "full" else COMMAND_ROWS
    if len(rows) == limit + 1:
        limit += 1  # one line is not worth a note about it
    strips: list[Strip] = []
    for row in rows[:limit]:
        if fold == "full":
            strips += indented(look, chop([(row, style)], width))
        else:
            strips += indented(look, [[(shorten(row, width, look.marks.ellipsis), style)]])
    more = len(rows) - limit
    return [*strips, note(look, left_out(look, more, own("line")))] if more > 0 else strips


def paint_output(text: str, look: Look, fold: Fold, tail: int, cut: int = 0) -> list[Strip]:
    """Output in the text column: its last `tail` rows in the normal view, nearly all when unfolded.

    `cut`: characters that were left out of its middle before they came here.
    """
    if fold == "brief" or not text or (fold == "normal" and tail == 0):
        return []
    palette, width = look.palette, text_width(look, INDENT)

    def fitted(raw: list[str]) -> list[Row]:
        return [row for whole in output_rows(raw, palette, palette.code_block) for row in chop(whole, width)]

    if fold == "normal":
        # Blank lines at the end say nothing; the few characters more find what stands above them.
        kept = text.rstrip("\n\r \t")
        raw, _ = last_within(last_lines(kept, tail)[0], MOST_FOLDED)
        limit = tail * width * 4
        return indented(
            look, fitted([row[-limit:] if "\x1b" not in row else row for row in raw])[-tail:], INDENT
        )
    head, _ = first_lines(text, FULL_HEAD)
    head, size = first_within(head, MOST // 4)
    strips = indented(look, fitted(head), INDENT)
    if size < len(text):
        raw, begin = last_lines(text, FULL_TAIL, size)
        raw, before = last_within(raw, MOST * 3 // 4)
        begin += before
        if hidden := text.count("\n", size, begin):
            strips.append(note(look, left_out(look, hidden), INDENT))
        elif begin > size:
            strips.append(note(look, left_out(look, begin - size, own("character")), INDENT))
        strips += indented(look, fitted(raw), INDENT)
    if cut:
        strips.append(note(look, left_out(look, cut, own("character")), INDENT))
    return strips


def guess_command(item: Item, body: CommandExecution, look: Look, fold: Fold) -> int:
    if fold == "brief":
        return 1
    output = body.aggregated_output or ""
    if fold == "normal":
        extra = min(COMMAND_ROWS + 1, body.command.count("\n")) if len(body.command) < MAX_PARSED else 4
        shown = _tail_rows(body)
        if not shown or not output:
            return 1 + extra
        tail = output[-80 * shown :]
        return 1 + extra + min(shown, tail.count("\n") + (not tail.endswith("\n")))
    return 1 + min(FULL_HEAD + FULL_TAIL, _about_lines(output)) + body.command[:MAX_PARSED].count("\n")


def _about_lines(text: str) -> int:
    """Lines of `text`, by its beginning when it is long: exact counting is for painting."""
    sample = text[:4000]
    count = sample.count("\n") + 1
    return count if len(text) <= 4000 else count * len(text) // 4000


def is_foldable(item: Item, body: CommandExecution) -> bool:
    return bool(body.aggregated_output) or "\n" in body.command or len(body.command) > 60


def command_text(item: Item, body: CommandExecution) -> str:
    output = f"\n{body.aggregated_output}" if body.aggregated_output else ""
    return copyable(f"$ {bare_command(body.command)}{output}")
