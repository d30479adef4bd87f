"""Long answers as models write them: headings, prose, lists, code, tables and quotes."""

from __future__ import annotations

from itertools import count

#: The last word. Its letters are nowhere else, so a client that paints only changed cells
#: still paints it in one piece.
END = "ŽŠŤŇ"

_PROSE = """\
## {n}. What the parser does with input {n}

The **reader** takes bytes in blocks of `{k}` and hands whole lines to the parser; nothing is
copied twice. When a block ends inside a line, the rest is *kept* for the next one, see
[the notes](https://example.com/notes/{n}) and the function `read_block_{n}()`.

- first, the header is checked against version {n}.{k};
- then each record is split at its separators, and empty ones are dropped;
- a record that cannot be read is counted, shown once and skipped:
  its neighbours are not touched;
- last, the totals are compared.

> A block of {k} bytes is a compromise: smaller ones cost calls, larger ones cost waiting.

1. Run `pytest -q tests/test_block_{n}.py` first, and look at the slowest three.
2. Change **one** thing; measure again with the same input of {k} records.
3. Keep the change only when it shows.

"""

_CODE_AND_TABLE = """\
```python
def read_block_{n}(source: Source, size: int = {k}) -> Iterator[Record]:
    \"\"\"Records of one block; the last may be unfinished.\"\"\"
    rest = b""
    while data := source.read(size):
        *lines, rest = (rest + data).split(b"\\n")
        for number, line in enumerate(lines, start={n}):
            if not line.strip():
                continue  # an empty record says nothing
            yield Record(number, line.decode("utf-8", "replace"))
    if rest:
        raise ValueError(f"unfinished record of {{len(rest)}} bytes")
```

| step | records | seconds | share |
|---|---:|---:|---:|
| read | {k}00 | 0.{n:02d} | 12 % |
| split | {k}00 | 1.{n:02d} | 55 % |
| compare | {n}00 | 0.{k} | 33 % |

"""


def long_answer(size: int, *, rich: bool = False) -> str:
    """About `size` characters of Markdown that end in a paragraph with END in it.

    Prose, headings, lists and quotes; when `rich`, every section has a code block and a table too.
    """
    section = _PROSE + _CODE_AND_TABLE if rich else _PROSE
    parts: list[str] = []
    length = 0
    for number in count(1):
        part = section.format(n=number, k=256 + number % 700)
        if length + len(part) > size:
            break
        parts.append(part)
        length += len(part)
    filler = "and so on " * max(0, (size - length) // 10)
    return "".join(parts) + f"That is all there is to say {filler}\n\n{END}\n"
