"""Questions the model asks the person (`item/tool/requestUserInput`)."""

from collections.abc import Mapping, Sequence

from codex_tui.protocol.base import JsonObject, Wire


class QuestionOption(Wire):
    label: str
    description: str = ""


class AskedQuestion(Wire):
    """One question. `is_other`: free text is welcome beside the options. `is_secret`: don't echo it."""

    id: str
    header: str = ""
    question: str = ""
    is_other: bool = False
    is_secret: bool = False
    options: tuple[QuestionOption, ...] | None = None


class UserInputRequest(Wire):
    """`item/tool/requestUserInput` (server request). No item has this `item_id`."""

    thread_id: str
    turn_id: str
    item_id: str
    questions: tuple[AskedQuestion, ...] = ()
    is_blocking: bool = True
    auto_resolution_ms: int | None = None


NOTE = "user_note: "
"""What marks an answer as free text rather than one of the options."""


def answers(given: Mapping[str, Sequence[str]]) -> JsonObject:
    """The answer: question id → chosen labels or notes. Empty when the person declines."""
    return {"answers": {key: {"answers": list(values)} for key, values in given.items()}}
