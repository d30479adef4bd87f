"""An index of what was said in saved threads, for engines that have no `thread/search`. No Textual here.

files.py    which rollout files there are
reading.py  what is said in one of them
store.py    where that is kept and looked for: SQLite with FTS5
keeping.py  brings the store up to date, in a thread of its own
"""

from codex_tui.history.index.keeping import Index, Progress
from codex_tui.history.index.store import Found

__all__ = ["Found", "Index", "Progress"]
