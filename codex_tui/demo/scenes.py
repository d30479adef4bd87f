"""The scenes of the demo: what the scripted model does at each stage, given how the last call ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codex_tui.demo import words
from codex_tui.demo.history import Call, History, Outcome, call_id
from codex_tui.demo.sse import JsonObject, Step, Turn

CHUNK = 16
"""Characters a delta; with the pause below an answer is read about as fast as it comes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a scene stands, and the words to build its next turn with."""

    scene: str
    number: int
    history: History
    pause: float

    @property
    def before(self) -> Outcome:
        """How this scene's newest call ended, also if a prompt came in between."""
        calls = [call for call in self.history.calls if call.scene == self.scene]
        return calls[-1].outcome if calls else "none"

    def say(self, text: str, *, final: bool = False, slow: float = 1.0) -> Step:
        step: Step = {"msg": text, "chunk": CHUNK, "pause": self.pause * slow}
        return step | ({"phase": "final_answer"} if final else {"phase": "commentary"})

    def think(self, *parts: str) -> Step:
        return {"reason": list(parts), "chunk": CHUNK, "pause": self.pause}

    def run(self, command: str, kind: str = "run") -> Step:
        # No login shell: the person's own profile has no part in this.
        args: JsonObject = {"cmd": command, "login": False, "yield_time_ms": 30_000}
        return {
            "call": "exec_command",
            "args": args,
            "id": call_id(self.scene, self.number, kind, self.history),
        }

    def patch(self, text: str, kind: str) -> Step:
        return {
            "custom": "apply_patch",
            "input": text,
            "id": call_id(self.scene, self.number, kind, self.history),
        }

    def plan(self, steps: tuple[str, ...], done: int, explanation: str = "") -> Step:
        """The plan with `done` steps behind it; the next one is under way."""
        states = ["completed" if n < done else "in_progress" if n == done else "pending" for n in range(9)]
        rows = [{"step": step, "status": state} for step, state in zip(steps, states, strict=False)]
        args: JsonObject = {"plan": rows} | ({"explanation": explanation} if explanation else {})
        return {
            "call": "update_plan",
            "args": args,
            "id": call_id(self.scene, self.number, "plan", self.history),
        }


Scene = Callable[[Stage], Turn]

TEST = "python3 -m unittest tests.test_calc"

BUG = "    return a // b"
FIX = """\
    if b == 0:
        raise ValueError("cannot divide by zero")
    return a / b"""


def repair(*, back: bool = False) -> str:
    """The patch that repairs `div` and says so in a new file, or takes both back."""
    old, new = (FIX, BUG) if back else (BUG, FIX)
    lines = ["*** Begin Patch", "*** Update File: calc.py", "@@", " def div(a, b):"]
    lines += [f"-{line}" for line in old.split("\n")] + [f"+{line}" for line in new.split("\n")]
    if back:
        lines += ["*** Delete File: CHANGES.md"]
    else:
        lines += [
            "*** Add File: CHANGES.md",
            "+# Changes",
            "+",
            "+- `div` keeps the fraction and refuses zero",
        ]
    return "\n".join([*lines, "*** End Patch", ""])


def is_repaired(history: History) -> bool:
    """Whether the newest patch that was applied is the repair and not its opposite."""
    applied = [call.kind for call in history.calls if call.outcome == "ok" and call.kind in ("fix", "unfix")]
    return applied[-1:] == ["fix"]


def next_patch(stage: Stage) -> Step:
    if is_repaired(stage.history):
        return stage.patch(repair(back=True), "unfix")
    return stage.patch(repair(), "fix")


# ── the tour ──────────────────────────────────────────────────────────────────────────────────

PLAN = ("Read an answer", "Run a command", "See one fail", "Repair the bug", "Read a long output")


def tour(stage: Stage) -> Turn:
    return TOUR[min(stage.number, len(TOUR) - 1)](stage)


def welcome(stage: Stage) -> Turn:
    return [
        stage.think("**Looking around**\n\nSomebody new. I show one thing at a time and let them decide."),
        stage.say(words.WELCOME),
        stage.plan(PLAN, 1, "One thing after another"),
    ]


def first_command(stage: Stage) -> Turn:
    return [
        stage.say(
            "First a command. It may not run before you allow it: the dialog shows **all** of it, "
            "where it runs, and what each answer does.\n"
        ),
        stage.run("python3 calc.py 7 / 2", "divide"),
    ]


def failing_command(stage: Stage) -> Turn:
    said = {
        "ok": "Seven halves are 3.5, not 3. The tests should know about that; they will **fail**.\n",
        "declined": "You said no, and nothing ran: that is always possible. "
        "Next come the tests; if you let them run they **fail**.\n",
    }.get(stage.before, "That did not work here; never mind. Next come the tests, which **fail**.\n")
    return [stage.say(said), stage.plan(PLAN, 2), stage.run(TEST, "test")]


def the_patch(stage: Stage) -> Turn:
    said = (
        "As expected: the mark of the command says so, and `Alt+Up`, `Alt+Enter` unfold what it printed. "
        if stage.before == "failed"
        else "Then without the tests. "
    )
    return [
        stage.think("**Finding the bug**\n\n`//` drops the fraction; `/` keeps it. Zero needs a check."),
        stage.say(said + "Here is the repair, as a patch to look at before it touches a file.\n"),
        stage.plan(PLAN, 3),
        next_patch(stage),
    ]


def test_again(stage: Stage) -> Turn:
    said = (
        "Applied. The same tests once more, now with the repair.\n"
        if stage.before == "ok"
        else "The files are as they were. The same tests once more; they still fail.\n"
    )
    return [stage.say(said), stage.run(TEST, "test")]


def long_output(stage: Stage) -> Turn:
    said = {
        "ok": "All tests pass. ",
        "failed": "Still the old result, since the bug is still there. ",
    }.get(stage.before, "Not run, then. ")
    return [
        stage.say(said + "Last, an output of 225 lines, of which only a few are shown.\n"),
        stage.plan(PLAN, 4),
        stage.run("python3 calc.py table 15", "table"),
    ]


def farewell(stage: Stage) -> Turn:
    results = "\n".join(_result(call) for call in _tour_calls(stage.history) if call.kind != "plan")
    if stage.history.since and stage.history.since[-1].kind != "plan":
        return [stage.plan(PLAN, len(PLAN))]
    return [stage.say(words.FAREWELL.format(results=results), final=True)]


def _tour_calls(history: History) -> list[Call]:
    """The calls of the newest tour, also when it was stopped and taken up again."""
    calls = [call for call in history.calls if call.scene == "tour"]
    starts = [index for index, call in enumerate(calls) if call.stage == 0]
    return calls[starts[-1] :] if starts else calls


def _result(call: Call) -> str:
    what = {
        "divide": "the division",
        "test": "the tests",
        "fix": "the repair",
        "unfix": "the bug, put back",
        "table": "the table",
    }.get(call.kind, call.kind)
    how = {"ok": "done", "failed": "failed", "declined": "declined by you"}.get(call.outcome, "not known")
    return f"- {what}: **{how}**"


TOUR = (welcome, first_command, failing_command, the_patch, test_again, long_output, farewell)


# ── one thing at a time ───────────────────────────────────────────────────────────────────────


def command(stage: Stage) -> Turn:
    if stage.number == 0:
        return [
            stage.say("This one asks before it runs.\n"),
            stage.run("python3 calc.py 20 + 22", "add"),
        ]
    return [stage.say(_after_command(stage), final=True)]


def test(stage: Stage) -> Turn:
    if stage.number == 0:
        return [stage.say("The tests of the project.\n"), stage.run(TEST, "test")]
    return [stage.say(_after_command(stage), final=True)]


def fail(stage: Stage) -> Turn:
    if stage.number == 0:
        said = "A command that fails, if you let it run.\n"
        return [stage.say(said), stage.run("ls no-such-folder; echo gave up; exit 3", "fail")]
    return [stage.say(_after_command(stage), final=True)]


def patch(stage: Stage) -> Turn:
    if stage.number == 0:
        said = (
            "The bug is repaired already; this patch puts it back.\n"
            if is_repaired(stage.history)
            else "A patch to two files. Look at it as long as you like.\n"
        )
        return [stage.say(said), next_patch(stage)]
    return [stage.say(_after_patch(stage), final=True)]


def fix(stage: Stage) -> Turn:
    if stage.number == 0:
        return [stage.say("I run the tests first.\n"), stage.run(TEST, "test")]
    if stage.number == 1:
        if is_repaired(stage.history):
            done = "The bug is repaired already. Say `patch` to put it back.\n"
            return [stage.say(done, final=True)]
        return [
            stage.think("**Reading `div`**\n\n`//` rounds down; the test wants the fraction."),
            stage.say("`div` rounds down and does not refuse zero. This repairs both.\n"),
            next_patch(stage),
        ]
    if stage.number == 2 and stage.before == "ok":
        return [stage.say("And the tests again.\n"), stage.run(TEST, "test")]
    if stage.number == 2:
        return [stage.say(_after_patch(stage), final=True)]
    return [stage.say(_after_command(stage), final=True)]


STEPS = ("Look at the project", "Think about it", "Tell what I found")


def plan(stage: Stage) -> Turn:
    if stage.number == 0:
        return [stage.say("I make a plan, and keep it up to date.\n"), stage.plan(STEPS, 0, "A small plan")]
    if stage.number <= len(STEPS):
        return [{"delay": 60 * stage.pause}, stage.plan(STEPS, stage.number)]
    return [stage.say("All three steps are done.\n", final=True)]


def long(stage: Stage) -> Turn:
    if stage.number == 0:
        said = "225 lines, if you let it run.\n"
        return [stage.say(said), stage.run("python3 calc.py table 15", "table")]
    return [stage.say(_after_command(stage), final=True)]


COLOURS = (
    "for c in 31 32 33 34 35 36; do printf '\\033[%sm colour %s \\033[0m' $c $c; done; echo; "
    "for p in 10 40 70 100; do printf '\\r%s %%' $p; sleep 0.2; done; echo; "
    "printf '\\033[1mbold\\033[0m \\033[4munderlined\\033[0m \\033[7mreversed\\033[0m\\n'"
)


def colour(stage: Stage) -> Turn:
    if stage.number == 0:
        return [stage.say("Colours and a progress bar that writes over itself.\n"), stage.run(COLOURS, "run")]
    return [stage.say(_after_command(stage), final=True)]


def sleep(stage: Stage) -> Turn:
    if stage.number == 0:
        said = "Ten seconds, a line each. `Esc` stops the turn; a message sent meanwhile waits for me.\n"
        loop = "for n in 1 2 3 4 5 6 7 8 9 10; do echo second $n; sleep 1; done"
        return [stage.say(said), stage.run(loop, "run")]
    return [stage.say(_after_command(stage), final=True)]


def markdown(stage: Stage) -> Turn:
    return [stage.say(words.MARKDOWN, final=True)]


def think(stage: Stage) -> Turn:
    return [
        stage.think(
            "**Reading the question**\n\nThey want to see reasoning, so I take my time with it.",
            "**Weighing answers**\n\nA long answer would hide the reasoning. A short one shows it.",
        ),
        stage.say("I thought about it in two parts; they can be unfolded.\n", final=True),
    ]


SLOW = "One sentence follows another, without haste, so that there is time to stop me or to put in a word. "


def slow(stage: Stage) -> Turn:
    text = "Stop me with `Esc`, or send a message.\n\n" + SLOW * 12
    return [stage.say(text, final=True, slow=10)]


def error(stage: Stage) -> Turn:
    message = "This error is part of the demo: the model refused. Your next message works again."
    # The engine shows the body of a 400 as it is.
    return [{"http": 400, "body": message}]


def help_out(stage: Stage) -> Turn:
    text = words.NOT_A_MODEL.format(menu=words.MENU)
    if is_tour_open(stage.history):
        text = f"I have read “{_one_line(stage.history.prompt)}”. {text}\n{words.GO_ON}"
    return [stage.say(text, final=True)]


def is_tour_open(history: History) -> bool:
    """Whether a tour was begun and has not come to its end."""
    stages = [call.stage for call in history.calls if call.scene == "tour"]
    return stages[-1:] != [] and stages[-1] < len(TOUR) - 1


def _one_line(prompt: str) -> str:
    return " ".join(prompt.split())[:60].replace("`", "'")


def _after_command(stage: Stage) -> str:
    return {
        "ok": "It ran and ended well. Unfold it to see all it printed.\n",
        "failed": "It failed, and its mark says so. Unfold it to see why.\n",
    }.get(stage.before, "You said no, so nothing ran.\n")


def _after_patch(stage: Stage) -> str:
    return {
        "ok": "Applied. The diff stays here to read.\n",
        "failed": "The patch does not fit the files any more, so nothing was changed.\n",
    }.get(stage.before, "You said no, so the files are as they were.\n")
