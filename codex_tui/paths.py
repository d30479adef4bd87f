"""Where files live: the style sheets, our own state, and the engine's home."""

from __future__ import annotations

import os
from pathlib import Path


def styles_dir() -> Path:
    """The folder of TCSS files: inside an installed wheel, or the checkout's `styles/`.

    Editable installs do not materialise the wheel's forced include, hence the second place.
    """
    packaged = Path(__file__).parent / "styles"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "styles"


def state_dir() -> Path:
    """Our own state (drafts, logs); honours XDG. It is made with mode 0700 by whoever writes there."""
    from platformdirs import user_state_path

    return user_state_path("codex-tui", appauthor=False)


def codex_home() -> Path:
    """The engine's home, `$CODEX_HOME` or `~/.codex` (as the engine itself decides)."""
    home = os.environ.get("CODEX_HOME")
    return Path(home) if home else Path.home() / ".codex"
