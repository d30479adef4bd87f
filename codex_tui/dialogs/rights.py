"""What `item/permissions/requestApproval` asks for, and the part of it that an answer grants. Pure.

What goes out is always a part of what was asked for, in the engine's own words. A part that this
client does not know could be a limit on the rest, so then the rest cannot be granted either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from codex_tui.text import SafeText, join, line, own

if TYPE_CHECKING:
    from codex_tui.dialogs.setting import Setting
    from codex_tui.protocol.approvals import FileSystemEntry, PermissionsApproval
    from codex_tui.protocol.base import JsonObject

_GRANTED = ("read", "write")
_SPECIAL = {
    "root": own("the whole file system"),
    "minimal": own("the system's own files that programs need"),
    "project_roots": own("the project's directories"),
    "tmpdir": own("the directory for temporary files ($TMPDIR)"),
    "slash_tmp": own("/tmp"),  # noqa: S108 - a name to show
}


@dataclass(frozen=True, slots=True)
class Right:
    """One right that was asked for. `place` is its path, pattern or host of the wire, made safe.

    `listed` says that it came in the old lists (`read`, `write`), `entry` is the same right as an
    entry: it goes out in every form in which it came.
    """

    kind: Literal["network", "read", "write"]
    place: SafeText
    marks: tuple[SafeText, ...] = ()
    listed: str | None = None
    entry: FileSystemEntry | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, sorted: `rights` can be ticked, `limits` go with every right on files."""

    rights: tuple[Right, ...]
    limits: tuple[FileSystemEntry, ...] = ()
    unknown: tuple[SafeText, ...] = ()  # parts that nobody here knows, as they came
    glob_depth: int | None = None


def wish_of(request: PermissionsApproval, setting: Setting) -> Wish:
    """The rights in `request` that can be granted."""
    rights: list[Right] = []
    unknown: list[SafeText] = []
    profile = request.permissions
    unknown += [_raw({name: value}) for name, value in (profile.model_extra or {}).items()]
    network = profile.network
    if network is not None and network.model_extra:
        unknown.append(_raw(network.model_dump(by_alias=True, exclude_unset=True)))
    elif network is not None and network.enabled:
        rights.append(Right("network", own("reach the network: every host, over every protocol")))
    files = profile.file_system
    if files is None:
        return Wish(tuple(rights), (), tuple(unknown))
    strange = [_raw({name: value}) for name, value in (files.model_extra or {}).items()]
    entries = files.entries or ()
    limits = tuple(entry for entry in entries if entry.access == "deny" and not entry.model_extra)
    strange += [
        _raw(entry.model_dump(by_alias=True))
        for entry in entries
        if entry not in limits and not _is_known(entry)
    ]
    if strange:
        whole = [
            _raw({name: list(value)})
            for name, value in (("read", files.read), ("write", files.write))
            if value
        ]
        return Wish(tuple(rights), (), (*unknown, *strange, *whole))
    given = [("read", path) for path in files.read or ()] + [("write", path) for path in files.write or ()]
    by_place = {
        (entry.access, entry.path.get("path")): entry for entry in entries if entry.path.get("type") == "path"
    }
    for access, path in dict.fromkeys(given):
        kind: Literal["read", "write"] = "read" if access == "read" else "write"
        place, marks = _path(path, request.cwd, setting)
        rights.append(Right(kind, place, marks, path, by_place.pop((access, path), None)))
    listed = set(given)
    for entry in entries:
        if entry in limits or (entry.access, entry.path.get("path")) in listed:
            continue
        place, marks = place_of(entry, request.cwd, setting)
        right = Right("read" if entry.access == "read" else "write", place, marks, None, entry)
        if right not in rights:
            rights.append(right)
    return Wish(tuple(rights), limits, tuple(unknown), files.glob_scan_max_depth)


def granted(wish: Wish, ticked: frozenset[int]) -> JsonObject:
    """The permissions of the answer: the ticked part of what was asked for, as it came."""
    rights = [right for index, right in enumerate(wish.rights) if index in ticked]
    permissions: JsonObject = {}
    if any(right.kind == "network" for right in rights):
        permissions["network"] = {"enabled": True}
    files: JsonObject = {}
    for kind in ("read", "write"):
        paths = [right.listed for right in rights if right.kind == kind and right.listed is not None]
        if paths:
            files[kind] = paths
    entries = [right.entry for right in rights if right.entry is not None]
    if any(right.kind != "network" for right in rights):
        entries += wish.limits
        if entries:
            files["entries"] = [entry.model_dump(by_alias=True, exclude_unset=True) for entry in entries]
        if wish.glob_depth is not None and any(_pattern(entry) is not None for entry in entries):
            files["globScanMaxDepth"] = wish.glob_depth
        permissions["fileSystem"] = files
    return permissions


def _is_known(entry: FileSystemEntry) -> bool:
    """Whether nothing in `entry` is new to this client."""
    path = entry.path
    match path.get("type"):
        case "path":
            known = isinstance(path.get("path"), str)
        case "glob_pattern":
            known = isinstance(path.get("pattern"), str)
        case "special":
            value = _special(entry)
            known = value.get("kind") in _SPECIAL and set(value) <= {"kind", "subpath"}
        case _:
            known = False
    return known and len(path) == 2 and entry.access in _GRANTED and not entry.model_extra


def _special(entry: FileSystemEntry) -> Mapping[str, Any]:
    value: Any = entry.path.get("value")
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _pattern(entry: FileSystemEntry) -> str | None:
    return entry.path.get("pattern") if entry.path.get("type") == "glob_pattern" else None


def place_of(entry: FileSystemEntry, cwd: str, setting: Setting) -> tuple[SafeText, tuple[SafeText, ...]]:
    kind: Any = entry.path.get("type")
    if kind == "path" and isinstance(path := entry.path.get("path"), str):
        return _path(path, cwd, setting)
    pattern = _pattern(entry)
    if pattern is not None:
        before = pattern[
            : min((at for char in "*?[{" if (at := pattern.find(char)) >= 0), default=len(pattern))
        ]
        _, marks = (
            _path(before.rpartition("/")[0] or "/", cwd, setting) if before.startswith("/") else ("", ())
        )
        return join(own("what matches "), setting.short(pattern)), tuple(marks)
    value = _special(entry)
    special = _SPECIAL.get(str(value.get("kind")))
    if special is None:
        return _raw(entry.path), ()
    sub = value.get("subpath")
    place = join(special, own(": "), line(sub)) if isinstance(sub, str) else special
    outside = value.get("kind") != "project_roots" and setting.workspace
    return place, ((own("outside the workspace"),) if outside else ())


def _path(path: str, cwd: str, setting: Setting) -> tuple[SafeText, tuple[SafeText, ...]]:
    """A path as it is shown, and what is special about it."""
    full = path if path.startswith("/") or not cwd else f"{cwd.rstrip('/')}/{path}"
    place = setting.look_up(full)
    marks: list[SafeText] = []
    if place.is_link:
        marks.append(join(own("a link to "), setting.short(place.real)))
    elif place.real not in (full, full.rstrip("/")):
        marks.append(join(own("really "), setting.short(place.real)))
    if setting.is_outside(place.real):
        marks.append(own("outside the workspace"))
    return setting.short(path), tuple(marks)


def _raw(value: object) -> SafeText:
    try:
        return line(json.dumps(value, ensure_ascii=False, default=repr))
    except (TypeError, ValueError, RecursionError):
        return own("something too deep to show")
