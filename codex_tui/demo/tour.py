"""What the scripted model of the demo says: the tour, single scenes, and a helpful reply to all else."""

from __future__ import annotations

import re

from codex_tui.demo import scenes
from codex_tui.demo.history import History, read_history
from codex_tui.demo.scenes import Scene, Stage
from codex_tui.demo.sse import JsonObject, Turn

PAUSE = 0.012
"""Seconds between deltas: fast, but a person sees that it streams."""

SCENES: dict[str, tuple[str, Scene]] = {
    "tour": (r"tour|show me|around|welcome", scenes.tour),
    "patch": (r"patch(es)?|edit", scenes.patch),
    "fix": (r"fix|repair|bug", scenes.fix),
    "fail": (r"fail(s|ed|ing|ure)?", scenes.fail),
    "test": (r"tests?", scenes.test),
    "plan": (r"plan", scenes.plan),
    "long": (r"long|output|table|fold(ed)?", scenes.long),
    "colour": (r"colou?rs?|ansi|progress", scenes.colour),
    "sleep": (r"sleep|wait", scenes.sleep),
    "slow": (r"slow(ly)?|interrupt|steer|queue", scenes.slow),
    "markdown": (r"markdown|stream(ing)?", scenes.markdown),
    "think": (r"think|reason(ing)?", scenes.think),
    "error": (r"errors?|crash", scenes.error),
    "command": (r"command|run|exec(ute)?", scenes.command),
}
"""Scene → the words that call it (a pattern for whole words) and what it does. The first match counts."""

GO_ON = re.compile(r"\s*(next|go on|continue|more)\W*", re.IGNORECASE)
"""What takes up a tour that was stopped."""


class Tour:
    """The model of the demo: a function from a request to the turn that answers it."""

    def __init__(self, pause: float = PAUSE) -> None:
        """`pause` is the number of seconds between deltas; 0 for tests."""
        self._pause = pause

    def __call__(self, request: JsonObject) -> Turn:
        history = read_history(request)
        if GO_ON.fullmatch(history.prompt) and (stopped := stopped_tour(history)) is not None:
            return scenes.tour(Stage("tour", stopped, history, self._pause))
        name = scene_of(history.prompt)
        scene = SCENES[name][1] if name else scenes.help_out
        stage = history.since[-1].stage + 1 if history.since else 0
        return scene(Stage(name or "help", stage, history, self._pause))


def scene_of(prompt: str) -> str | None:
    """The scene a prompt asks for, if any."""
    for name, (pattern, _) in SCENES.items():
        if re.search(rf"\b({pattern})\b", prompt, re.IGNORECASE):
            return name
    return None


def stopped_tour(history: History) -> int | None:
    """The stage at which a tour goes on, if there ever was one."""
    stages = [call.stage for call in history.calls if call.scene == "tour"]
    return stages[-1] + 1 if stages else None
