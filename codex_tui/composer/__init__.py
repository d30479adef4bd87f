"""The prompt editor."""

from codex_tui.composer.draft import image_chips
from codex_tui.composer.editor import Composer

__all__ = ["Composer", "image_chips"]
