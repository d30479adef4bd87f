"""Every page of every dialog, as tests show it: a state, and the keys that lead to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from textual.pilot import Pilot

from codex_tui.dialogs.bodies import first_step
from codex_tui.dialogs.setting import item_of, setting_of
from codex_tui.dialogs.step import Step
from codex_tui.protocol.items import parse_item
from codex_tui.session.inbox import Question, QuestionKey
from codex_tui.session.state import State
from codex_tui.session.transcript import Item, Settings, Thread
from tests.ui.dialogs.asks import (
    KEY,
    OLD_PATCH,
    SIGN,
    ZERO,
    legacy_command,
    legacy_patch,
    questions,
    some_rights,
)
from tests.ui.dialogs.mcp import asked, form, press, tool, url
from tests.ui.dialogs.stage import (
    HOME,
    RULE,
    Stage,
    change,
    exec_question,
    patch_item,
    patch_question,
    place,
    question,
    state,
)

SMALL = (40, 10)
DETAILS: dict[str, Any] = {
    "name": {"type": "string", "title": "Full name", "minLength": 2, "maxLength": 40},
    "age": {"type": "integer", "title": "Age", "minimum": 0, "maximum": 150, "default": 30},
    "plan": {
        "type": "string",
        "title": "Plan",
        "oneOf": [{"const": "s", "title": "Small"}, {"const": "l", "title": "Large"}],
    },
    "tags": {"type": "array", "title": "Tags", "items": {"enum": ["x", "y", "z"]}, "maxItems": 2},
    "due": {"type": "string", "title": "Due", "format": "date"},
    "country": {"type": "string", "title": "Country", "enum": [f"country {n}" for n in range(200)]},
    "news": {"type": "boolean", "title": "Newsletter", "description": "We write once a month."},
}
MESSAGE = "Please confirm the invoice details before we send the bill."
INSTALL = (
    "/bin/bash -lc 'curl -fsSL https://example.com/install.sh |\n  bash -s -- --prefix \"$HOME/.local\"'"
)
HOST = {
    "applyNetworkPolicyAmendment": {
        "network_policy_amendment": {"host": "registry.example.com", "action": "allow"}
    }
}
CALC = "\n".join(
    (
        "@@ -1,6 +1,8 @@ import math",
        " import math",
        " ",
        " ",
        " def div(a, b):",
        "-    return a / b",
        "+    if b == 0:",
        '+        raise ValueError("b is 0")',
        "+    return a / b",
        " ",
        "",
    )
)


def _exec() -> Question:
    return exec_question(
        INSTALL,
        cwd="/home/ada/link",
        reason="needs the network to fetch dependencies",
        availableDecisions=[
            "accept",
            {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["curl", "-fsSL"]}},
            "cancel",
        ],
    )


def _session() -> Question:
    return exec_question(availableDecisions=["accept", "acceptForSession", RULE, "cancel"])


def _long() -> Question:
    script = "\n".join(
        f"install -D build/part{number}.so /opt/lib/part{number}.so" for number in range(1, 90)
    )
    return exec_question(f"/bin/bash -lc '{script}'", reason="copy what was built")


def _hostile() -> Question:
    hidden = "ls -la \x1b[2K\u202esj.cod\u202c" + " " * 300 + "; rm -rf ~"
    return exec_question(hidden, reason="Safe.\nDirectory        ~/elsewhere", environmentId="cloud-1")


def _permissions() -> Question:
    extra = {"network": {"enabled": True}, "fileSystem": {"write": ["/opt"]}}
    return exec_question("/bin/bash -lc 'make install'", additionalPermissions=extra)


def _network() -> Question:
    return exec_question(
        None,
        cwd=None,
        commandActions=None,
        itemId="network#1",
        reason="Network access to registry.example.com requires approval",
        networkApprovalContext={"host": "registry.example.com", "protocol": "https"},
        proposedNetworkPolicyAmendments=[
            {"host": "registry.example.com", "action": "allow"},
            {"host": "registry.example.com", "action": "deny"},
        ],
        availableDecisions=["accept", "acceptForSession", HOST, "cancel"],
    )


def _unknown() -> Question:
    return question(
        "some/newRequest", None, {"threadId": "t", "turnId": "u", "what": {"deep": ["x\u202ey", 1]}}
    )


def _patch() -> Item:
    return patch_item(
        change("/home/ada/proj/calc.py", CALC),
        change(
            "/home/ada/proj/tests/test_div.py",
            "from calc import div\n\n\ndef test_div():\n    assert div(6, 3) == 2\n",
            "add",
        ),
        change("/home/ada/proj/old.py", "VERSION = 1\n", "delete"),
        change("/home/ada/proj/setup.cfg", "@@ -1 +1 @@\n-strict = no\n+strict = yes\n"),
    )


def _one_file() -> Item:
    return patch_item(change("/home/ada/proj/calc.py", CALC))


def _interpreter() -> State:
    def ran(number: int, command: str) -> Item:
        wire = {"type": "commandExecution", "id": f"ran{number}", "command": command, "status": "completed"}
        return Item(f"ran{number}", "u", parse_item(wire), "done")

    amend = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["python3", "tools/fetch.py"]}}
    asked = exec_question(
        "/bin/bash -lc 'python3 tools/fetch.py --all *.lock && make'",
        availableDecisions=["accept", amend, "cancel"],
    )
    past = ["python3 tools/fetch.py --all '*.lock'", "python3 tools/build.py", "git status"]
    return state(asked, items=[ran(at, f'/bin/bash -lc "{command}"') for at, command in enumerate(past)])


def _agents(now: State) -> State:
    settings = Settings(cwd="/home/ada/proj", approval_policy="on-request", sandbox="workspace-write")
    agent = Thread(id="child", name="tester", settings=settings)
    return replace(now, threads=MappingProxyType({**now.threads, "child": agent}))


def _queue() -> State:
    return _agents(
        state(
            _exec(),
            replace(patch_question(1), received=990.0),
            exec_question("/bin/bash -lc 'pytest -q'", 2, threadId="child", turnId="v"),
            replace(_network(), request_id=3, received=500.0),
            replace(_unknown(), request_id=4),
            items=[replace(_patch(), id="call_1")],
        )
    )


def _same() -> State:
    again = exec_question("/bin/bash -lc 'pytest -q'", 1, threadId="child", turnId="v")
    return _agents(state(exec_question("/bin/bash -lc 'pytest -q'"), again))


def details() -> Question:
    return form(DETAILS, ["name", "age", "plan"], message=MESSAGE)


def _tool() -> Question:
    return tool(
        {"invoice": 17, "amount": {"value": "120.00", "currency": "EUR"}, "note": "asked for by mail"},
        tool_title="Refund an invoice",
        tool_description="Gives the money back.",
        tool_annotations={"readOnlyHint": False, "destructiveHint": True},
    )


@dataclass(frozen=True)
class Scene:
    """A page of a dialog: what waits, and the keys that lead from its first page to this one."""

    made: Callable[[], State]
    keys: Sequence[str] = ()
    put_off: Set[QuestionKey] = field(default_factory=frozenset[QuestionKey])

    def stage(self, **more: Any) -> Stage:
        """An app that shows the first page."""
        return Stage(self.made(), put_off=frozenset(self.put_off), **more)

    def step(self, *, plain: bool = False) -> Step:
        """The page without an app; not for those that list other questions."""
        now = self.made()
        head = now.inbox.head
        assert head is not None
        setting = replace(setting_of(head, now, HOME, place), plain=plain, open_page=str, copy=print)
        return press(first_step(head, item_of(head, now), setting), *self.keys)

    async def go(self, pilot: Pilot[Any]) -> None:
        """Press the keys, each when it counts, and wait until keys count again."""
        app = pilot.app
        assert isinstance(app, Stage)
        await app.live(pilot)
        for key in self.keys:
            app.clock.now += 1
            if not app.dialog.gate.alive():
                await app.live(pilot)
            app.dialog.press(key, " " if key == "space" else key if len(key) == 1 else None)
        await app.live(pilot)


FILLED = [*"Ada", "tab", "tab", "right", "space", "tab", "space", "tab", *"2026-13-01", "tab"]
SCENES: dict[str, Scene] = {
    "exec": Scene(lambda: state(_exec(), exec_question(number=1))),
    "exec-session": Scene(lambda: state(_session(), approval_policy="untrusted")),
    "exec-long": Scene(lambda: state(_long())),
    "exec-hostile": Scene(lambda: state(_hostile())),
    "exec-permissions": Scene(lambda: state(_permissions())),
    "network": Scene(lambda: state(_network())),
    "patch": Scene(lambda: state(patch_question(reason="division by zero should say so"), items=[_patch()])),
    "patch-one-file": Scene(lambda: state(patch_question(), items=[_one_file()])),
    "patch-unknown": Scene(lambda: state(patch_question())),
    "unknown": Scene(lambda: state(_unknown())),
    "rule": Scene(lambda: state(_exec(), exec_question(number=1)), ["p"]),
    "session": Scene(lambda: state(_session(), approval_policy="untrusted"), ["s"]),
    "network-session": Scene(lambda: state(_network()), ["s"]),
    "network-rule": Scene(lambda: state(_network()), ["a"]),
    "patch-session": Scene(lambda: state(patch_question(), items=[_one_file()]), ["s"]),
    "prefix": Scene(_interpreter, ["p", "right", "right"]),
    "say": Scene(lambda: state(_exec(), exec_question(number=1)), ["t", *"no need, use the Makefile"]),
    "tray": Scene(_queue, ["f6", "down"], frozenset({_exec().key})),
    "together": Scene(_same, ["e"]),
    "rights": Scene(lambda: state(some_rights()), ["down", "space", "down", "down", "space"]),
    "rights-session": Scene(lambda: state(some_rights()), ["down", "space", "u", "s"]),
    "question": Scene(lambda: state(questions(SIGN, ZERO, KEY, blocking=False)), ["2"]),
    "question-words": Scene(lambda: state(questions(SIGN)), ["1", "down", "down", *"only for ints"]),
    "question-secret": Scene(lambda: state(questions(KEY)), [*"a key"]),
    "question-review": Scene(
        lambda: state(questions(SIGN, ZERO, KEY, blocking=False)),
        ["2", "tab", "tab", *"a key", "enter"],
    ),
    "old-command": Scene(lambda: state(legacy_command("bash", "-lc", "cat notes && rm notes"))),
    "old-patch": Scene(lambda: state(legacy_patch(OLD_PATCH, grantRoot="/home/ada"))),
    "form": Scene(lambda: state(details())),
    "form-filled": Scene(lambda: state(details()), FILLED),
    "form-review": Scene(lambda: state(details()), [*FILLED, "up", "ctrl+u", "f10"]),
    "form-unfit": Scene(lambda: state(form({"a": {"type": "object"}}, message=MESSAGE))),
    "url": Scene(
        lambda: state(url("https://login.example.com/authorize?client_id=17&state=4f2a9c&scope=read"))
    ),
    "url-refused": Scene(lambda: state(url("https://github.com@g\u043e\u043egle.com/login"))),
    "mcp-tool": Scene(lambda: state(_tool())),
    "mcp-tool-always": Scene(lambda: state(tool()), ["a"]),
    "verification": Scene(lambda: state(asked(mode="openai/userVerification", title="t", challenge="c"))),
}
"""By the name of their golden screens."""
