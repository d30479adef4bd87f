"""Parts of a diff as a patch that other tools take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codex_tui.diffs import FileDiff, Hunk


def patch_of(file: FileDiff, hunks: Sequence[Hunk]) -> str:
    """Those hunks of a file as a unified diff with a header, raw: whoever shows it makes it safe."""
    old = "/dev/null" if file.kind == "new" else f"a/{file.old_path or file.path}"
    new = "/dev/null" if file.kind == "deleted" else f"b/{file.path}"
    lines = [f"--- {old}", f"+++ {new}"]
    for hunk in hunks:
        if not hunk.known:
            lines += [raw[1:] for raw in hunk.raw]
            continue
        spans = f"-{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count}"
        lines.append(f"@@ {spans} @@ {hunk.header}".rstrip())
        lines += [raw[1:] if raw[0] == "?" else raw for raw in hunk.raw]
    return "\n".join(lines) + "\n"
