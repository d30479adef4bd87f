"""Back to before an earlier prompt: the conversation, the files, or both."""

from codex_tui.screens.rewind.deed import Rewound
from codex_tui.screens.rewind.screen import RewindScreen

__all__ = ["RewindScreen", "Rewound"]
