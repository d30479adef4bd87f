"""Where a person types what they look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from textual.widgets import Input

if TYPE_CHECKING:
    from textual.geometry import Region


class Filter(Input):
    """Its size does not depend on what is in it: a sign is no new layout, which would paint more anew."""

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        return super().refresh(*regions, repaint=repaint, recompose=recompose)
