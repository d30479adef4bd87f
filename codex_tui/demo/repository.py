"""A git repository with one commit, written without git.

The demo must open at once and work where git is missing; three small files need no more
than four kinds of object and an index. Author and date are fixed, so the commit's id is too.
"""

from __future__ import annotations

import importlib
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

AUTHOR = "Ada Example <ada@example.com> 1767225600 +0000"
CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
FILE_MODE = 0o100644


def write_repository(project: Path, files: Mapping[str, bytes], message: str) -> str:
    """Make `project/.git` with `files` (path with slashes → content) committed on `main`.

    The working files are the caller's job. Returns the commit's id.
    """
    git = project / ".git"
    for folder in ("objects", "refs/heads", "refs/tags"):
        (git / folder).mkdir(parents=True)
    blobs = {path: _store(git, "blob", content) for path, content in sorted(files.items())}
    tree = _store_tree(git, blobs)
    head = f"tree {tree}\nauthor {AUTHOR}\ncommitter {AUTHOR}\n\n{message}\n"
    commit = _store(git, "commit", head.encode())
    (git / "refs/heads/main").write_text(f"{commit}\n", encoding="ascii")
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    (git / "config").write_text(CONFIG, encoding="ascii")
    (git / "index").write_bytes(_index(blobs, files))
    return commit


def _store(git: Path, kind: str, content: bytes) -> str:
    data = b"%b %d\0%b" % (kind.encode(), len(content), content)
    name = _sha1(data).hex()
    place = git / "objects" / name[:2] / name[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(zlib.compress(data))
    return name


def _store_tree(git: Path, blobs: Mapping[str, str]) -> str:
    """Store the tree of `blobs` (path → object id), folders first stored themselves."""
    entries: dict[str, tuple[str, str]] = {}
    folders: dict[str, dict[str, str]] = {}
    for path, name in blobs.items():
        top, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(top, {})[rest] = name
        else:
            entries[top] = ("100644", name)
    for folder, inside in folders.items():
        entries[folder] = ("40000", _store_tree(git, inside))
    # git sorts a folder as if its name ended in a slash.
    order = sorted(entries, key=lambda entry: entry + ("/" if entry in folders else ""))
    rows = (
        b"%b %b\0%b" % (entries[name][0].encode(), name.encode(), bytes.fromhex(entries[name][1]))
        for name in order
    )
    return _store(git, "tree", b"".join(rows))


def _index(blobs: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    """The index, version 2. File times are zero: git then compares contents once and fills them in."""
    rows = [b"DIRC" + struct.pack(">II", 2, len(blobs))]
    for path, name in blobs.items():
        encoded = path.encode()
        row = struct.pack(">10I", 0, 0, 0, 0, 0, 0, FILE_MODE, 0, 0, len(files[path]))
        row += bytes.fromhex(name) + struct.pack(">H", len(encoded)) + encoded
        rows.append(row + b"\0" * (8 - len(row) % 8))
    data = b"".join(rows)
    return data + _sha1(data)


def _sha1(data: bytes) -> bytes:
    """The digest git names things by. `hashlib` would load OpenSSL: 10 ms that delay the first frame."""
    try:
        return importlib.import_module("_sha1").sha1(data).digest()
    except ImportError:
        import hashlib

        return hashlib.sha1(data, usedforsecurity=False).digest()
