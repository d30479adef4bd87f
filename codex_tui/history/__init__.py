"""Saved threads as a person looks for them: entries, what to list, and how a filter matches. No Textual."""

from codex_tui.history.entries import Entry, entry_of, merge
from codex_tui.history.listing import Listing, Sort
from codex_tui.history.matching import matches

__all__ = ["Entry", "Listing", "Sort", "entry_of", "matches", "merge"]
