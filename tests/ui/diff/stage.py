"""A small app around the diff pane, and changes to show in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult

from codex_tui.paint.look import Look
from codex_tui.panes.diff import DiffPane
from codex_tui.panes.side import EVERYTHING, SidePane
from codex_tui.paths import styles_dir
from codex_tui.session.series import Series
from codex_tui.session.state import State
from codex_tui.session.transcript import Settings, Thread, Turn
from codex_tui.themes import THEMES

ROOT = "/home/ada/proj"

CALC = """\
diff --git a/src/calc.py b/src/calc.py
index 1111111..2222222 100644
--- a/src/calc.py
+++ b/src/calc.py
@@ -9,7 +9,9 @@ class Calc:
     def mul(a, b):
         return a * b

-    def div(a, b):
-        return a / b
+    def div(a: float, b: float) -> float:
+        if b == 0:
+            raise ValueError("b is 0")
+        return a / b

     # the rest of the arithmetic lives elsewhere
@@ -40,4 +42,4 @@ def main():
     parser = argparse.ArgumentParser(prog="calc", description="A small calculator for the command line")
-    parser.add_argument("--precision", type=int, default=2, help="digits after the point")
+    parser.add_argument("--precision", type=int, default=4, help="digits after the decimal point")
     args = parser.parse_args()
     print(args)
"""
README = """\
diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1,3 +1,4 @@
 # calc

-A calculator.
+A calculator that says what is wrong.
+Division by zero is an error.
"""
OTHERS = """\
diff --git a/tests/test_calc.py b/tests/test_calc.py
new file mode 100644
--- /dev/null
+++ b/tests/test_calc.py
@@ -0,0 +1,4 @@
+import pytest
+
+def test_div_by_zero() -> None:
+    with pytest.raises(ValueError): div(1, 0)
diff --git a/old.txt b/old.txt
deleted file mode 100644
--- a/old.txt
+++ /dev/null
@@ -1,2 +0,0 @@
-not needed
-any more
diff --git a/docs/a.md b/docs/guide/intro.md
similarity index 100%
rename from docs/a.md
rename to docs/guide/intro.md
diff --git a/logo.png b/logo.png
index 1111111..2222222 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
"""
ALL = CALC + README + OTHERS


def many_lines(count: int, path: str = "big.py") -> str:
    """A change of one file with about `count` lines."""
    lines = [f"+value_{at} = compute({at}, name='number {at}')\n" for at in range(count)]
    head = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1,0 +1,{count} @@\n"
    return head + "".join(lines)


def state(diff: str = "", *earlier: str, **more: Any) -> State:
    """One thread whose turns have these diffs, the last one `diff`."""
    turns = [Turn(f"u{at}", status="completed", diff=text) for at, text in enumerate((*earlier, diff))]
    thread = Thread(id="t", settings=Settings(cwd=ROOT), turns=Series(turns))
    return State(threads=MappingProxyType({"t": thread}), active_id="t", **more)


@dataclass
class Did:
    """What the pane asked of the app."""

    sent: list[str] = field(default_factory=list[str])
    copied: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    opened: list[tuple[str, int | None]] = field(default_factory=list[tuple[str, int | None]])
    left: int = 0


class Stage(App[None]):
    """The pane alone. It notes what the pane asks for, as the app of the program has it."""

    CSS_PATH: ClassVar = [styles_dir() / "app.tcss", styles_dir() / "diff.tcss"]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, first: State | None = None, look: Look | None = None) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.first = first or state()
        self.did = Did()
        self.pane = DiffPane(look or Look())
        seconds = count()
        self.pane.ask.clock = lambda: float(next(seconds))  # nobody answers too soon
        self.intents = self

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.take(self.first, EVERYTHING)
        self.pane.focus()

    def take(self, then: State) -> None:
        self.pane.take(then, EVERYTHING)

    def send(self, text: str, images: Any = (), thread_id: str | None = None) -> None:
        self.did.sent.append(text)

    def copy(self, text: str, what: str = "") -> None:
        self.did.copied.append((text, what))

    def open_editor(self, path: str, line: int | None = None) -> None:
        self.did.opened.append((path, line))

    @on(SidePane.Leave)
    def leave(self) -> None:
        self.did.left += 1


def rows(stage: Stage) -> list[str]:
    """What is on screen, without blanks at the end of rows."""
    strips = stage.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]
