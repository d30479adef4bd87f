"""Our own settings: `codex-tui/config.toml` in the user's config directory. All are optional.

    theme = "codex-dark"      # or codex-light, or any of Textual's
    ascii = false             # plain marks, for terminals without Unicode
    reduced_motion = false    # no spinners

The engine's settings stay in its own config; this file is only about how things look.
"""

from __future__ import annotations

import locale
import os
from pathlib import Path
from typing import NamedTuple

from codex_tui.errors import ClientError

DEFAULT_THEME = "codex-dark"


class Config(NamedTuple):
    theme: str = DEFAULT_THEME
    ascii: bool = False
    reduced_motion: bool = False


def config_path() -> Path:
    """Where the file is looked for; honours `$XDG_CONFIG_HOME`."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "codex-tui" / "config.toml"


def load(path: Path | None = None) -> Config:
    """The settings, or the defaults when there is no file. Raises ClientError for a file that is wrong."""
    path = path or config_path()
    plain = not speaks_unicode()
    try:
        text = path.read_bytes()
    except OSError:
        return Config(ascii=plain)
    import tomllib

    try:
        given = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClientError(
            f"cannot read {_shown(str(path))}", detail=_shown(str(error)), hint="Mend or remove that file."
        ) from error
    theme = given.get("theme", DEFAULT_THEME)
    flags = {
        name: given.get(name, default) for name, default in (("ascii", plain), ("reduced_motion", False))
    }
    wrong = [name for name, value in flags.items() if not isinstance(value, bool)]
    wrong += [] if isinstance(theme, str) else ["theme"]
    wrong += sorted(set(given) - {"theme", "ascii", "reduced_motion"})
    if wrong:
        raise ClientError(
            f"cannot use {_shown(str(path))}",
            detail="not understood: " + ", ".join(_shown(name) for name in wrong),
            hint="Known are: theme (a name), ascii and reduced_motion (true or false).",
        )
    return Config(theme=theme, ascii=flags["ascii"], reduced_motion=flags["reduced_motion"])


def speaks_unicode() -> bool:
    """Whether the locale's encoding has our marks."""
    return locale.getencoding().replace("-", "").lower() == "utf8"


def _shown(text: str) -> str:
    from codex_tui.text.safe import line

    return line(text)
