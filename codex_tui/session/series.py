"""An immutable sequence whose append and replace cost the same at 100 and at 100,000 members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar, cast, overload

T = TypeVar("T")


def _put(members: tuple[T, ...], at: int, member: T) -> tuple[T, ...]:
    changed = list(members)  # half the time of slicing and joining
    changed[at] = member
    return tuple(changed)


class Named(Protocol):
    """A member that can be looked up by its id."""

    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=Named)

CHUNK = 256  # members a chunk: two copies of about this size make one change


class Series(Generic[T]):
    """Chunks of at most `CHUNK` members; all but the last are full. Every change returns a new Series.

    Members with an `id` can be looked up by it (`find`). The index behind that is built at the
    first look and then shared by all series made from this one: it only ever grows, and what it
    says is checked against the members, so sharing it is not visible.
    """

    __slots__ = ("_chunks", "_index", "_length")

    def __init__(self, members: Iterable[T] = ()) -> None:
        flat = tuple(members)
        self._chunks: tuple[tuple[T, ...], ...] = tuple(
            flat[start : start + CHUNK] for start in range(0, len(flat), CHUNK)
        )
        self._length = len(flat)
        self._index: dict[str, int] | None = None

    def _with(self, chunks: tuple[tuple[T, ...], ...], length: int) -> Series[T]:
        made = cast("Series[T]", Series.__new__(type(self)))
        made._chunks, made._length, made._index = chunks, length, self._index
        return made

    def _note(self, member: T, at: int) -> None:
        if self._index is not None:
            self._index[cast("Named", member).id] = at

    def find(self: Series[N], member_id: str) -> int | None:
        """Where the member with that id stands (the last one, should there be several), or None."""
        if self._index is None:
            self._index = {member.id: at for at, member in enumerate(self)}
        at = self._index.get(member_id)
        if at is None or (at < self._length and self[at].id == member_id):
            return at
        # The index was last written by a sibling (two series made from one): look for oneself.
        return next((at for at in range(self._length - 1, -1, -1) if self[at].id == member_id), None)

    def append(self, member: T) -> Series[T]:
        """A series with `member` at the end."""
        if self._chunks and len(self._chunks[-1]) < CHUNK:
            chunks = _put(self._chunks, -1, (*self._chunks[-1], member))
        else:
            chunks = (*self._chunks, (member,))
        self._note(member, self._length)
        return self._with(chunks, self._length + 1)

    def put(self, index: int, member: T) -> Series[T]:
        """A series with the member at `index` (negative counts from the end) replaced; IndexError outside."""
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        which, at = divmod(index, CHUNK)
        chunks = _put(self._chunks, which, _put(self._chunks[which], at, member))
        self._note(member, index)
        return self._with(chunks, self._length)

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
        # Equal members are cut into equal chunks, and what two series share is compared by identity.
        return isinstance(other, Series) and self._chunks == cast("Series[object]", other)._chunks

    def __hash__(self) -> int:
        return hash(self._chunks)

    def __repr__(self) -> str:
        return f"Series({list(self)!r})"
