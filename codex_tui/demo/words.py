"""The longer texts of the tour, as Markdown."""

from __future__ import annotations

WELCOME = """\
# Welcome

This is a **real session**: the engine is real, the commands run, the files change. \
Only the model is a script, so it costs nothing and needs no account.

While an answer streams you can already type. What comes next, each in a line of its own:

1. a *command* that asks you first
2. a command that **fails**
3. a patch to `calc.py`, shown as a diff before it is applied
4. an output too long to show whole

| Key     | While I work                         |
|---------|--------------------------------------|
| `Enter` | sends a message into the turn        |
| `Tab`   | keeps a message for afterwards       |
| `Esc`   | stops the turn                       |
| `F5`    | opens a question that waits for you  |

```python
def div(a, b):
    return a // b   # is this right?
```

> Nothing here can hurt: project and settings lie in a folder that is removed when you leave.
"""

MENU = """\
| Say        | and you see                                   |
|------------|-----------------------------------------------|
| `tour`     | all of it, one after another                  |
| `command`  | a command that asks for your approval         |
| `test`     | the project's tests                           |
| `fail`     | a command that fails                          |
| `patch`    | a change to two files that asks first         |
| `fix`      | the whole repair: test, patch, test again     |
| `plan`     | a plan whose steps get done                   |
| `long`     | an output of 225 lines, folded                |
| `colour`   | output with colours and a progress bar        |
| `markdown` | headings, lists, a table, code                |
| `think`    | reasoning before an answer                    |
| `slow`     | a slow answer: try `Esc`, or say something    |
| `sleep`    | a command that takes ten seconds              |
| `error`    | a model that fails                            |
"""

NOT_A_MODEL = """\
I am a script, not a model, so I cannot answer that. But I can show you how a session looks and \
feels. Say one of these words, alone or in a sentence:

{menu}
For a real model leave with `Ctrl+C` twice and start `codex-tui` without `--demo`.
"""

MARKDOWN = """\
# Heading one
## Heading two

A paragraph with **bold**, *italic*, `code`, ~~struck~~ words and a [link](https://example.com/docs).

- a list
  - with a list inside
- [x] a task that is done
- [ ] and one that is not

1. first
2. second

| Left | Middle | Right |
|:-----|:------:|------:|
| a    |   b    |     1 |
| ccc  |  漢字   |   234 |

```python
def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)
```

```diff
- return a // b
+ return a / b
```

> A quotation, with a second line
> that belongs to it.

---
That is all.
"""

FAREWELL = """\
## That was the tour

{results}

You can go on: say `fix`, `long`, `slow`, `error` or anything else, or leave with `Ctrl+C` twice. \
Start `codex-tui` without `--demo` for a session with a real model.
"""

GO_ON = """\
The tour has not come to its end: `next` goes on with it.
"""
