"""Diffs made for tests: by difflib from two texts, and written again from what was read."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from codex_tui.diffs import FileDiff, Hunk, file_diff, whole_file
from codex_tui.diffs.records import NO_NEWLINE


def lines_of(text: str) -> list[str]:
    """The lines with their newlines; parted at newlines only."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def hunks_between(old: str, new: str, context: int = 3) -> tuple[Hunk, ...]:
    """The hunks from `old` to `new`."""
    one, two = lines_of(old), lines_of(new)
    hunks: list[Hunk] = []
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for group in matcher.get_grouped_opcodes(context):
        raw: list[str] = []
        for tag, from_one, to_one, from_two, to_two in group:
            if tag == "equal":
                raw += _raw(" ", one[from_one:to_one])
            else:
                raw += _raw("-", one[from_one:to_one])
                raw += _raw("+", two[from_two:to_two])
        old_start, new_start = group[0][1], group[0][3]
        has_old, has_new = group[-1][2] > old_start, group[-1][4] > new_start
        hunks.append(Hunk(old_start + has_old, new_start + has_new, "", tuple(raw)))
    return tuple(hunks)


def _raw(sign: str, lines: Sequence[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        out.append(sign + line.removesuffix("\n"))
        if not line.endswith("\n"):
            out.append(NO_NEWLINE)
    return out


def change_of(old: str | None, new: str | None, path: str = "/p/f", context: int = 3) -> FileDiff:
    """What happened to a file that held `old` and holds `new`; None for no file."""
    if old is None:
        return file_diff(path, "new", whole_file(new or "", "+"))
    if new is None:
        return file_diff(path, "deleted", whole_file(old, "-"))
    return file_diff(path, "changed", hunks_between(old, new, context))


def written_hunks(hunks: Sequence[Hunk]) -> str:
    """The hunks as a diff has them."""
    out: list[str] = []
    for hunk in hunks:
        if hunk.known:
            header = f" {hunk.header}" if hunk.header else ""
            old, new = f"{hunk.old_start},{hunk.old_count}", f"{hunk.new_start},{hunk.new_count}"
            out.append(f"@@ -{old} +{new} @@{header}")
        out += [raw[1:] if raw[0] == "?" else raw for raw in hunk.raw]
    return "".join(line + "\n" for line in out)


def written(files: Sequence[FileDiff]) -> str:
    """The files as git writes them."""
    out = ""
    for file in files:
        old = file.old_path or file.path
        out += f"diff --git a/{old} b/{file.path}\n"
        match file.kind:
            case "new":
                out += f"new file mode {file.new_mode}\n"
            case "deleted":
                out += f"deleted file mode {file.old_mode}\n"
            case "moved":
                out += f"rename from {old}\nrename to {file.path}\n"
            case "mode":
                out += f"old mode {file.old_mode}\nnew mode {file.new_mode}\n"
            case _:
                pass
        if file.hunks:
            out += "--- /dev/null\n" if file.kind == "new" else f"--- a/{old}\n"
            out += "+++ /dev/null\n" if file.kind == "deleted" else f"+++ b/{file.path}\n"
            out += written_hunks(file.hunks)
    return out


def applied(text: str, hunks: Sequence[Hunk]) -> str:
    """`text` with the hunks, by their numbers alone: another way than the one under test."""
    lines = lines_of(text)
    for hunk in reversed(hunks):
        start = hunk.old_start - (1 if hunk.old_count else 0)
        old, new = _side(hunk, "-"), _side(hunk, "+")
        assert lines[start : start + len(old)] == old
        lines[start : start + len(old)] = new
    return "".join(lines)


def _side(hunk: Hunk, sign: str) -> list[str]:
    lines: list[str] = []
    counts = False
    for raw in hunk.raw:
        if raw[0] == "\\":
            if counts:
                lines[-1] = lines[-1][:-1]
            continue
        counts = raw[0] in (" ", sign)
        if counts:
            lines.append(raw[1:] + "\n")
    return lines
