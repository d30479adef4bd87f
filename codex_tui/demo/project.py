"""The throwaway project of the demo: a small calculator with a bug, its tests, a README."""

from __future__ import annotations

from pathlib import Path

from codex_tui.demo.repository import write_repository

CALC = '''\
"""A small calculator.

    python3 calc.py 7 / 2
    python3 calc.py table 12
"""

import sys


def add(a, b):
    return a + b


def div(a, b):
    return a // b


def table(size):
    """All products up to size x size, one a line."""
    for a in range(1, size + 1):
        for b in range(1, size + 1):
            print(f"{a:3} x {b:3} = {a * b:5}")


def main(words):
    if words[:1] == ["table"]:
        table(int(words[1]))
        return
    a, sign, b = words
    print({"+": add, "/": div}[sign](int(a), int(b)))


if __name__ == "__main__":
    main(sys.argv[1:])
'''

TESTS = """\
import unittest

from calc import add, div


class CalcTest(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 3), 5)

    def test_div(self):
        self.assertEqual(div(7, 2), 3.5)

    def test_div_by_zero(self):
        with self.assertRaises(ValueError):
            div(1, 0)


if __name__ == "__main__":
    unittest.main()
"""

README = """\
# calc

A calculator for whole numbers.

    python3 calc.py 7 / 2

Run the tests with `python3 -m unittest tests.test_calc`.
"""

# With `__init__.py`: a stray package of the same name in the interpreter's path must not win.
FILES = {"README.md": README, "calc.py": CALC, "tests/__init__.py": "", "tests/test_calc.py": TESTS}
"""Path → text of every file of the project."""


def write_project(project: Path) -> None:
    """Make the project's files and its repository in the existing, empty folder `project`."""
    contents = {path: text.encode() for path, text in FILES.items()}
    for path, content in contents.items():
        place = project / path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
    write_repository(project, contents, "A calculator")
