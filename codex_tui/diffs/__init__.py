"""Changes to files: read, compared, combined and taken back. Pure: no Textual, no engine, no I/O."""

from codex_tui.diffs.parse import read_change, read_diff, read_hunks
from codex_tui.diffs.records import FileDiff, Hunk, Kind, Line, Sign, file_diff, whole_file

__all__ = [
    "FileDiff",
    "Hunk",
    "Kind",
    "Line",
    "Sign",
    "file_diff",
    "read_change",
    "read_diff",
    "read_hunks",
    "whole_file",
]
