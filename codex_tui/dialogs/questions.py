"""The dialog of `item/tool/requestUserInput`: the agent's questions, one a page, then all answers.

This kind of request has no "cancel": Esc stops the turn. Skipping is for questions that the agent
does not wait for. What a secret question gets is drawn as dots and goes nowhere but to the engine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.style import Style

from codex_tui.dialogs.choices import DECLINES, NO_EFFECT, Choice
from codex_tui.dialogs.entry import Entry
from codex_tui.dialogs.exec import asked_by
from codex_tui.dialogs.sheet import OTHERS, TYPED_OTHERS, Sheet
from codex_tui.dialogs.signs import KeyLine, signs_of
from codex_tui.dialogs.step import Page
from codex_tui.paint.lines import EMPTY, wrap
from codex_tui.paint.question import Fact, Painted, exact
from codex_tui.protocol.questions import NOTE, AskedQuestion, QuestionOption, UserInputRequest, answers
from codex_tui.text import SafeText, block, join, line, number, own

if TYPE_CHECKING:
    from textual.strip import Strip

    from codex_tui.dialogs.setting import Setting
    from codex_tui.dialogs.step import Step
    from codex_tui.paint.lines import Part
    from codex_tui.paint.look import Look
    from codex_tui.protocol.base import JsonObject
    from codex_tui.protocol.items import AgentMessage

METHOD = "item/tool/requestUserInput"
_TEXT_COLUMN = 6
_INDENT = (own("      "), Style())
_LATER = Choice("escape", own("Later"), own("later"), NO_EFFECT, None, "", later=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question has got so far: an option, words of the person's own, or both."""

    entry: Entry
    chosen: int | None = None

    def sent(self, question: AskedQuestion) -> list[str]:
        """The answers of the wire; empty when there is none."""
        found: list[str] = []
        if self.chosen is not None and question.options:
            found.append(question.options[self.chosen].label)
        if self.entry.text.strip():
            found.append(f"{NOTE}{self.entry.text}")
        return found

    def is_enough(self, question: AskedQuestion) -> bool:
        """Whether it answers: words alone do not where only an option was asked for."""
        if self.chosen is not None:
            return True
        return bool(self.entry.text.strip()) and (question.is_other or not question.options)


@dataclass(frozen=True, slots=True)
class Asking:
    """All questions; `at` is the one on screen, `row` its row that the keys work on: options, then words."""

    request: UserInputRequest
    setting: Setting
    given: tuple[Answer, ...]
    at: int = 0
    row: int = 0
    aside: bool = False  # the questions of a message: the answer is a prompt

    @property
    def question(self) -> AskedQuestion:
        return self.request.questions[self.at]

    @property
    def answer(self) -> Answer:
        return self.given[self.at]

    @property
    def result(self) -> JsonObject:
        """The response's body; what has no answer is left out."""
        given = zip(self.request.questions, self.given, strict=True)
        return answers({q.id: answer.sent(q) for q, answer in given if answer.is_enough(q)})

    @property
    def prompt(self) -> str:
        """The answers as a prompt: each question quoted, and what it got below it."""
        parts: list[str] = []
        for question, answer in zip(self.request.questions, self.given, strict=True):
            if answer.is_enough(question):
                quoted = "\n".join(f"> {part}".rstrip() for part in question.question.split("\n"))
                said = "\n".join(words.removeprefix(NOTE) for words in answer.sent(question))
                parts.append(f"{quoted}\n\n{said}")
        return "\n\n".join(parts)

    @property
    def missing(self) -> int:
        """How many questions have no answer."""
        return sum(
            not answer.is_enough(q) for q, answer in zip(self.request.questions, self.given, strict=True)
        )

    # -- keys -----------------------------------------------------------------------------

    @property
    def _options(self) -> int:
        return len(self.question.options or ())

    @property
    def _on_words(self) -> bool:
        return self.row >= self._options

    @property
    def keys(self) -> tuple[KeyLine, ...]:
        moves = KeyLine(("up", "down"), own("the row above, or below"))
        turns = KeyLine(("shift+tab",), own("the question before"))
        shared = (*([moves] if self._options else []), *([turns] if len(self.given) > 1 else []))
        if self._on_words:
            return (*shared, *self.answer.entry.keys)
        first, last = own("1"), SafeText(str(min(9, self._options)))
        digits = tuple(str(digit) for digit in range(1, min(9, self._options) + 1))
        return (
            *shared,
            KeyLine(("space",), own("choose this option, or none")),
            KeyLine(
                digits, own("choose that option"), join(first, own(" to "), last) if digits[1:] else first
            ),
        )

    def press(self, key: str, character: str | None) -> Step | None:
        if key in {"up", "down"}:
            return replace(self, row=max(0, min(self._options, self.row + (1 if key == "down" else -1))))
        if key in {"tab", "shift+tab"} and len(self.given) > 1:
            return self._turn(1 if key == "tab" else -1)
        if key == "enter":
            if not self._on_words and self.answer.chosen is None and not self.answer.entry.text.strip():
                return self._choose(self.row)
            return self._turn(1) if self.at + 1 < len(self.given) else None
        if self._on_words:
            entry = self.answer.entry.press(key, character)
            return self._with(replace(self.answer, entry=entry)) if entry is not None else None
        if key == "space":
            return self._choose(None if self.answer.chosen == self.row else self.row)
        if character is not None and character in "123456789" and int(character) <= self._options:
            return replace(self._choose(int(character) - 1), row=int(character) - 1)
        return None

    def paste(self, text: str) -> Step | None:
        if not self._on_words:
            return None
        return self._with(replace(self.answer, entry=self.answer.entry.paste(text)))

    def _turn(self, by: int) -> Asking:
        at = (self.at + by) % len(self.given)
        chosen = self.given[at].chosen
        return replace(self, at=at, row=chosen or 0)

    def _choose(self, option: int | None) -> Asking:
        return self._with(replace(self.answer, chosen=option))

    def _with(self, answer: Answer) -> Asking:
        return replace(self, given=(*self.given[: self.at], answer, *self.given[self.at + 1 :]))

    # -- looks ----------------------------------------------------------------------------

    @property
    def sheet(self) -> Sheet:
        which = join(number(self.at + 1), own(" of "), number(len(self.given)))
        parts = [_who(self.setting), *([which] if len(self.given) > 1 else []), line(self.question.header)]
        return Sheet(
            title=join(*(part for part in parts if part), by=own(", ")),
            facts=tuple(self._facts()),
            body=lambda look: Painted(self._strips(look)[0]),
            measure=own(""),
            choices=self._choices(),
            focus=lambda look: self._strips(look)[1],
            others=TYPED_OTHERS if self._on_words else OTHERS,
        )

    def _facts(self) -> list[Fact]:
        facts = asked_by(self.setting)
        if self.question.is_secret:
            facts.append(Fact(own("Secret"), (own("not shown here, not kept by this client"),)))
        return facts

    def _strips(self, look: Look) -> tuple[list[Strip], int]:
        """The question with its options and the words, and the row the keys work on."""
        palette, signs = look.palette, signs_of(look.marks)
        width = max(8, look.width - _TEXT_COLUMN)
        strips = [exact(row) for row in _wrapped(self.question.question, look, look.width)]
        strips.append(EMPTY)
        focus = 0
        for index, option in enumerate(self.question.options or ()):
            here = index == self.row
            if here:
                focus = len(strips)
            chosen = index == self.answer.chosen
            sign = SafeText(f"{index + 1} ") if index < 9 else own("  ")
            lead: list[Part] = [
                (own("> ") if here else own("  "), palette.accent),
                (sign, palette.accent if here else palette.dim),
                (
                    join(signs.chosen if chosen else signs.open, own(" ")),
                    palette.accent if chosen else palette.dim,
                ),
            ]
            label = palette.strong if chosen or here else palette.text
            rows = [row for part in block(option.label) for row in wrap([(part, label)], width)]
            strips += [exact([*(lead if at == 0 else [_INDENT]), *row]) for at, row in enumerate(rows)]
            if option.description:
                rows = [
                    row for part in block(option.description) for row in wrap([(part, palette.dim)], width)
                ]
                strips += [exact([_INDENT, *row]) for row in rows]
        if self._options:
            strips.append(EMPTY)
        begin = len(strips)
        here = self._on_words
        strips.append(
            exact(
                [
                    (own("> ") if here else own("  "), palette.accent),
                    (self._label(), palette.text if here else palette.dim),
                ]
            )
        )
        rows, cursor = self.answer.entry.rows(look, width, here)
        lead = [(join(own("    "), signs.edge, own(" ")), palette.accent if here else palette.rule)]
        strips += [exact([*lead, *row]) for row in rows]
        return strips, begin + 1 + cursor if here else focus

    def _label(self) -> SafeText:
        if not self._options:
            return own("Your answer")
        if self.answer.chosen is not None:
            return own("A note to it, if you like")
        if self.question.is_other:
            return own("Other: in your own words")
        return own("A note, beside one of the options")

    def _choices(self) -> tuple[Choice, ...]:
        last = self.at + 1 == len(self.given)
        found = [
            Choice(
                "enter",
                own("Look at all answers, then send …") if last else own("Next question"),
                own("review…") if last else own("next"),
                own("arrows move, Space chooses") if self._options else NO_EFFECT,
                None,
                "",
                leads=(lambda: Page(self.review)) if last else None,
            )
        ]
        if len(self.given) > 1:
            found.append(
                Choice(
                    "tab",
                    own("Next; Shift+Tab goes back"),
                    own("turn"),
                    NO_EFFECT,
                    None,
                    "",
                )
            )
        return (*found, *([_LATER] if self.aside else _refusals(self.request)))

    @property
    def review(self) -> Sheet:
        """The last page: everything that would be sent."""
        may_send = not (self.request.is_blocking and self.missing)
        facts = asked_by(self.setting)
        if self.aside:
            may_send = self.missing < len(self.given)
            words = own("as a prompt, to the running turn or as a new one")
            facts.append(Fact(own("Sent"), (words,), "dim"))
        elif not may_send:
            words = own("the agent waits for an answer to each question")
            facts.append(Fact(own("Careful"), (words,), "warn"))
        send = Choice(
            "enter",
            own("Send these answers") if self.missing < len(self.given) else own("Send no answer"),
            own("send"),
            NO_EFFECT,
            {} if self.aside else self.result,
            "answered",
            grants=True,
            says=self.prompt if self.aside else "",
        )
        back = Choice("escape", own("Back to the questions"), own("back"), NO_EFFECT, None, "")
        return Sheet(
            title=own("Send these answers?"),
            facts=tuple(facts),
            body=self._paint_review,
            measure=own(""),
            choices=(send, back) if may_send else (back,),
        )

    def _paint_review(self, look: Look) -> Painted:
        palette = look.palette
        strips: list[Strip] = []
        for question, answer in zip(self.request.questions, self.given, strict=True):
            if strips:
                strips.append(EMPTY)
            strips += [exact(row) for row in _wrapped(question.question, look, look.width, dim=True)]
            if not answer.is_enough(question):
                strips.append(exact([_INDENT, (own("no answer"), palette.warn)]))
                continue
            if answer.chosen is not None and question.options:
                label = question.options[answer.chosen].label
                rows = [
                    row
                    for part in block(label)
                    for row in wrap([(part, palette.strong)], max(8, look.width - _TEXT_COLUMN))
                ]
                strips += [exact([_INDENT, *row]) for row in rows]
            if answer.entry.text.strip():
                if answer.chosen is not None:
                    strips.append(exact([_INDENT, (own("with a note:"), palette.dim)]))
                rows, _ = answer.entry.rows(look, look.width - _TEXT_COLUMN, active=False)
                strips += [exact([_INDENT, *row]) for row in rows]
        return Painted(strips)


def first_page(request: UserInputRequest, setting: Setting) -> Asking | None:
    """The dialog's first page; None when there is nothing that could be answered without a doubt."""
    names = {question.id for question in request.questions}
    if not names or len(names) != len(request.questions):
        return None
    given = tuple(Answer(Entry(secret=question.is_secret)) for question in request.questions)
    return Asking(request, setting, given)


def aside_page(message: AgentMessage, setting: Setting) -> Asking | None:
    """The first page for the questions of a message; None when it has none."""
    asked = tuple(
        AskedQuestion(
            id=str(index),
            question=question.title,
            is_other=True,
            options=tuple(QuestionOption(label=_label(option)) for option in question.options or ()),
        )
        for index, question in enumerate(message.questions or ())
    )
    request = UserInputRequest(
        thread_id="", turn_id="", item_id=message.id, questions=asked, is_blocking=False
    )
    page = first_page(request, setting)
    return None if page is None else replace(page, aside=True)


def _label(option: object) -> str:
    return option if isinstance(option, str) else json.dumps(option, ensure_ascii=False, default=repr)


def _who(setting: Setting) -> SafeText:
    return own("A sub-agent asks") if setting.asker else own("The agent asks")


def _wrapped(text: str, look: Look, width: int, dim: bool = False) -> list[list[Part]]:
    style = look.palette.dim if dim else look.palette.strong
    return [row for part in block(text) for row in wrap([(part, style)], max(8, width))]


def _refusals(request: UserInputRequest) -> tuple[Choice, ...]:
    decline, stop, interrupts = DECLINES[METHOD]
    stops = Choice(
        "escape",
        own("Stop the turn"),
        own("stop"),
        own("there is no other no to a question the agent waits for") if request.is_blocking else NO_EFFECT,
        stop,
        "cancel",
        interrupts=interrupts,
    )
    if request.is_blocking:
        return (stops,)
    skip = Choice(
        "ctrl+d",
        own("Skip: the agent goes on without"),
        own("skip"),
        NO_EFFECT,
        decline,
        "decline",
    )
    return (skip, stops)
