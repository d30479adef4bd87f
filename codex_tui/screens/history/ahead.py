"""Pages the first of which is asked for before anybody waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Page = TypeVar("Page")


def ahead(pages: AsyncIterator[Page]) -> AsyncIterator[Page]:
    """`pages`, begun now. Only for what is sure to be taken, or its error is told to nobody."""
    first = asyncio.ensure_future(_first(pages))

    async def taken() -> AsyncIterator[Page]:
        for page in await first:
            yield page
        async for page in pages:
            yield page

    return taken()


async def _first(pages: AsyncIterator[Page]) -> list[Page]:
    async for page in pages:
        return [page]
    return []
