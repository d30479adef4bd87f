"""Textual's stylesheet, which reads each style once for a theme."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class Sheet(Stylesheet):
    """Parses the styles anew for other colours only.

    Textual does at the first frame, and for each screen that brings its own: 20 ms each time.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        # What was parsed with these colours is remembered. A wrong style raises before anything changes.
        self.parse()
