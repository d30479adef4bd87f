"""An immutable sequence whose append and replace cost the same at 100 and at 100,000 members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar, cast, overload

T = TypeVar("T")

CHUNK = 256  # members a chunk: two copies of about this size make one change


class Series(Generic[T]):
    """Chunks of at most `CHUNK` members; all but the last are full. Every change returns a new Series."""

    __slots__ = ("_chunks", "_length")

    def __init__(self, members: Iterable[T] = ()) -> None:
        flat = tuple(members)
        self._chunks: tuple[tuple[T, ...], ...] = tuple(
            flat[start : start + CHUNK] for start in range(0, len(flat), CHUNK)
        )
        self._length = len(flat)

    @classmethod
    def _of(cls, chunks: tuple[tuple[T, ...], ...], length: int) -> Series[T]:
        made = cls.__new__(cls)
        made._chunks, made._length = chunks, length
        return made

    def append(self, member: T) -> Series[T]:
        """A series with `member` at the end."""
        if self._chunks and len(self._chunks[-1]) < CHUNK:
            chunks = (*self._chunks[:-1], (*self._chunks[-1], member))
        else:
            chunks = (*self._chunks, (member,))
        return self._of(chunks, self._length + 1)

    def put(self, index: int, member: T) -> Series[T]:
        """A series with the member at `index` (negative counts from the end) replaced; IndexError outside."""
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        which, at = divmod(index, CHUNK)
        chunk = self._chunks[which]
        changed = (*chunk[:at], member, *chunk[at + 1 :])
        return self._of((*self._chunks[:which], changed, *self._chunks[which + 1 :]), self._length)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        for chunk in self._chunks:
            yield from chunk

    def __reversed__(self) -> Iterator[T]:
        for chunk in reversed(self._chunks):
            yield from reversed(chunk)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(self._length)))
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        which, at = divmod(index, CHUNK)
        return self._chunks[which][at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Series) and tuple(self) == tuple(cast("Series[object]", other))

    def __hash__(self) -> int:
        return hash(self._chunks)

    def __repr__(self) -> str:
        return f"Series({list(self)!r})"
