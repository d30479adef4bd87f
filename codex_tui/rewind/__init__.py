"""A conversation and its files taken back to before an earlier prompt: what that would mean.

Pure: no Textual, no engine, no I/O. `codex_tui.rewinding` reads and writes the files.
"""

from codex_tui.rewind.plan import Fate, fates_of, paths_in
from codex_tui.rewind.points import Point, Unknown, points_of, undone_files, unknown_of, written_over

__all__ = [
    "Fate",
    "Point",
    "Unknown",
    "fates_of",
    "paths_in",
    "points_of",
    "undone_files",
    "unknown_of",
    "written_over",
]
