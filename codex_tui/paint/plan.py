"""The agent's checklist: how far it is, and its steps."""

from __future__ import annotations

from textual.strip import Strip

from codex_tui.paint.facts import fold_sign, left_out
from codex_tui.paint.lines import (
    Part,
    Row,
    headline,
    indented,
    led,
    note,
    part_width,
    prose_width,
    text_width,
    wrap,
)
from codex_tui.paint.look import Fold, Look
from codex_tui.session.transcript import Checklist, Item, PlanStep
from codex_tui.text import SafeText, copyable, own, prose

NORMAL_STEPS = 12
"""Steps listed in the normal view."""


def paint_plan(item: Item, body: Checklist, look: Look, fold: Fold) -> list[Strip]:
    palette = look.palette
    done = sum(step.status == "completed" for step in body.steps)
    title: list[Part] = [(own("plan "), palette.dim), (SafeText(f"{done}/{len(body.steps)}"), palette.text)]
    steps = [_step(step, look) for step in body.steps]
    inline = [part for row in steps for part in [(own("   "), palette.dim), *row]]
    fits = part_width([*title, *inline]) + 2 <= text_width(look)
    if fold == "brief" or (fold == "normal" and fits):
        now = [row for row, step in zip(steps, body.steps, strict=True) if step.status == "inProgress"]
        rest = inline if fits else [(own("   "), palette.dim), *now[0]] if now else []
        sign = fold_sign(look, fold, is_foldable(item, body))
        return [headline(look, look.marks.plan, palette.dim, [*title, *rest], (), sign)]
    strips = [
        headline(
            look, look.marks.plan, palette.dim, title, (), fold_sign(look, fold, is_foldable(item, body))
        )
    ]
    if fold == "full" and body.explanation:
        said = [
            row
            for text in body.explanation.split("\n")
            for row in wrap([(prose(text), palette.dim)], prose_width(look))
        ]
        strips += indented(look, said)
    limit = NORMAL_STEPS if fold == "normal" else len(steps)
    for row in steps[:limit]:
        mark, text = row
        width = prose_width(look, 2 + part_width([mark]))
        for index, part in enumerate(wrap([text], width)):
            lead: Row = [mark] if not index else [(SafeText(" " * part_width([mark])), palette.dim)]
            strips += indented(look, [led(lead, part) if index else [*lead, *part]], 2)
    if len(steps) > limit:
        strips.append(note(look, left_out(look, len(steps) - limit, own("step")), 2))
    return strips


def _step(step: PlanStep, look: Look) -> Row:
    """A mark and the step; the words' style says what the mark says too."""
    marks, palette = look.marks, look.palette
    text = prose(step.step.replace("\n", " "))
    if step.status == "completed":
        return [(SafeText(f"{marks.ok} "), palette.good), (text, palette.dim)]
    if step.status == "inProgress":
        return [(SafeText(f"{marks.running} "), palette.text), (text, palette.strong)]
    return [(SafeText(f"{marks.todo} "), palette.dim), (text, palette.text)]


def guess_plan(item: Item, body: Checklist, look: Look, fold: Fold) -> int:
    if fold == "brief" or (
        fold == "normal" and sum(len(step.step) + 5 for step in body.steps) < look.width - 20
    ):
        return 1
    return 1 + (min(NORMAL_STEPS, len(body.steps)) if fold == "normal" else len(body.steps))


def is_foldable(item: Item, body: Checklist) -> bool:
    return bool(body.steps or body.explanation)


def plan_text(item: Item, body: Checklist) -> str:
    signs = {"completed": "x", "inProgress": "~"}
    rows = [f"[{signs.get(step.status, ' ')}] {step.step}" for step in body.steps]
    return copyable("\n".join(([body.explanation] if body.explanation else []) + rows))
