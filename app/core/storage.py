"""Where files lie: public ones (pictures of goods) and private ones (proofs of payment, papers).

Names are random and never reused, so a file under a name never changes and may be cached
for a year. A name says nothing about whose file it is (spec/security.md 8 and 9).
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Protocol

from app.core.errors import DomainError, NotFound
from app.core.i18n import _l
from app.core.vault import settings

_NAME: Final = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/){0,4}[a-z0-9][a-z0-9_-]*\.[a-z0-9]{1,8}")
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,8}")
_LONGEST_NAME: Final = 120
_HALF_WRITTEN: Final = ".half-"


class StorageFull(DomainError):
    """The disk took no more; nothing was kept of the file."""

    status = 503
    text = _l("Foto belum bisa disimpan. Isian Anda masih ada, coba lagi sebentar lagi.")


class BadName(ValueError):
    """A name that `new_name` and `sibling` never make; trying it may be an attack."""


class Storage(Protocol):
    """A place for files by name; a bucket elsewhere can stand in for the disk."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes under this name, whole or not at all."""
        ...

    def read(self, name: str) -> bytes:
        """Return the bytes; raises NotFound."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Return a stream for reading; raises NotFound."""
        ...

    def has(self, name: str) -> bool:
        """Tell whether the name is taken."""
        ...

    def delete(self, name: str) -> None:
        """Forget the file; a missing one is already forgotten."""
        ...

    def url(self, name: str) -> str:
        """Return the address at which people fetch it."""
        ...

    def list_names(self) -> Iterator[str]:
        """Yield every name in order, for backups and sweeps."""
        ...


def new_name(extension: str) -> str:
    """Return a random name such as `3f/a0/9c….webp`; two levels keep folders short."""
    if not _EXTENSION.fullmatch(extension):
        raise BadName(extension)
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token[2:4]}/{token[4:]}.{extension}"


def sibling(name: str, ending: str) -> str:
    """Return the name of something made from a file, so that it can be found again.

    >>> sibling("3f/a0/9c.jpg", "320.webp")
    '3f/a0/9c-320.webp'
    """
    return f"{name.rpartition('.')[0]}-{ending}"


@dataclass(frozen=True, slots=True)
class DiskStorage:
    """Files under one folder.

    `mode` are the permission bits of files: a proxy under another user may have to read public ones.
    """

    root: Path
    base_url: str
    mode: int = 0o600

    def put(self, name: str, data: bytes) -> None:
        """Write beside, flush to the disk, then rename: a reader sees all of it or nothing.

        Raises:
            StorageFull: the disk refused; no part is left behind.
            BadName: the name points elsewhere.
        """
        if not data:
            raise ValueError("an empty file is always a mistake")
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, data)
        except OSError as problem:
            raise StorageFull(name) from problem

    def read(self, name: str) -> bytes:
        """Return the bytes; raises NotFound."""
        with self.open(name) as stream:
            return stream.read()

    def open(self, name: str) -> BinaryIO:
        """Return a stream for reading; raises NotFound."""
        try:
            return self._path(name).open("rb")
        except (FileNotFoundError, IsADirectoryError, BadName):
            raise NotFound(name) from None

    def has(self, name: str) -> bool:
        """Tell whether the name is taken."""
        try:
            return self._path(name).is_file()
        except BadName:
            return False

    def delete(self, name: str) -> None:
        """Forget the file; a missing one is already forgotten."""
        self._path(name).unlink(missing_ok=True)

    def url(self, name: str) -> str:
        """Return the address at which people fetch it."""
        return f"{self.base_url.rstrip('/')}/{_checked(name)}"

    def list_names(self) -> Iterator[str]:
        """Yield every name in order; files being written are no files yet."""
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and not path.name.startswith(_HALF_WRITTEN):
                yield path.relative_to(self.root).as_posix()

    def _path(self, name: str) -> Path:
        """Return the path of a name, certainly under the root, also when somebody planted a link."""
        path = self.root / PurePosixPath(_checked(name))
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise BadName(name)
        return path

    def _write(self, path: Path, data: bytes) -> None:
        handle, half = tempfile.mkstemp(prefix=_HALF_WRITTEN, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fchmod(stream.fileno(), self.mode)
                os.fsync(stream.fileno())
            Path(half).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(half).unlink()
            raise
        _flush_folder(path.parent)


def _checked(name: str) -> str:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise BadName(name[:_LONGEST_NAME])
    return name


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def public_store() -> Storage:
    """Return the store of what anybody may see."""
    here = settings()
    return DiskStorage(here.media_dir, here.media_url, mode=0o644)


def private_store() -> Storage:
    """Return the store of what only a view behind a policy hands out; it has no address."""
    return DiskStorage(settings().private_dir, "")
