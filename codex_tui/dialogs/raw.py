"""The sheet of everything this client cannot explain: the request as it came, and only no."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codex_tui.dialogs.choices import raw_choices
from codex_tui.dialogs.exec import asked_by
from codex_tui.dialogs.sheet import Sheet
from codex_tui.paint.question import Fact, NumberedText, measure
from codex_tui.text import line, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.session.inbox import Question


def raw_sheet(question: Question, setting: Setting) -> Sheet:
    """The sheet of an unknown kind of question."""
    text = json.dumps(question.raw, indent=2, ensure_ascii=False)
    return Sheet(
        title=own("A question this client does not know"),
        facts=(
            *asked_by(setting),
            Fact(own("Method"), (line(question.method),), "code"),
            Fact(own("Careful"), (own("it can be declined here, not granted"),), "warn"),
        ),
        body=lambda look: NumberedText(text, look),
        measure=measure(text),
        choices=raw_choices(question),
    )
