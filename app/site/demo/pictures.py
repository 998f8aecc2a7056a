"""Pictures of the demonstration: drawn, cut to every size and stored as a photo from a phone would be."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.core import storage
from app.core.pictures import MASTER_QUALITY, renditions
from app.site.demo.drawings.book import draw
from app.site.demo.drawings.canvas import SIDE

ENDINGS: Final = ("320.webp", "640.webp", "1280.webp", "960.jpg")
# Below this many a second process costs more time than it saves.
_ALONE: Final = 6
_MOST_PROCESSES: Final = 8


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: the stem of its files, and its size in pixels."""

    stem: str
    width: int = SIDE
    height: int = SIDE


@dataclass(frozen=True, slots=True)
class Task:
    """A picture to draw; processes pass these to each other."""

    key: str
    category: str
    sample: str
    dice: str


Draw = Callable[[Sequence[tuple[str, str, str]]], dict[str, Picture]]


def drawer(seed: int) -> Draw:
    """Return what draws and stores pictures; those that are stored already are not drawn again."""

    def ask(wanted: Sequence[tuple[str, str, str]]) -> dict[str, Picture]:
        """Return the pictures of (key, category, sample), by key."""
        store = storage.public_store()
        stems = {key: stem(seed, key) for key, _, _ in wanted}
        missing = [
            Task(key, category, sample, f"{seed}:picture:{key}")
            for key, category, sample in {each[0]: each for each in wanted}.values()
            if not all(store.has(name) for name in names(stems[key]))
        ]
        for key, files in _drawn(missing):
            for name, data in zip(names(stems[key]), files, strict=True):
                store.put(name, data)
        return {key: Picture(found) for key, found in stems.items()}

    return ask


def stem(seed: int, key: str) -> str:
    """Return the name of a picture: no hint of whose it is, the same for the same seed.

    >>> stem(36, "telur")[2], len(stem(36, "telur"))
    ('/', 34)
    """
    token = hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()[:32]
    return f"{token[:2]}/{token[2:4]}/{token[4:]}"


def names(found: str) -> list[str]:
    """Return the names of all files of a picture, its master first."""
    master = f"{found}.jpg"
    return [master, *(storage.sibling(master, ending) for ending in ENDINGS)]


def make(task: Task) -> tuple[str, list[bytes]]:
    """Draw one picture and cut it to every size."""
    out = io.BytesIO()
    draw(task.category, task.sample, Random(task.dice)).save(out, "JPEG", quality=MASTER_QUALITY)  # noqa: S311
    sizes = renditions(out.getvalue())
    return task.key, [out.getvalue(), *(sizes[ending].data for ending in ENDINGS)]


def _drawn(tasks: list[Task]) -> Iterator[tuple[str, list[bytes]]]:
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    if len(tasks) <= _ALONE or processes == 1:
        yield from map(make, tasks)
        return
    # Fresh processes, not copies: a copy would hold the database connection of this one.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(make, tasks, chunksize=4)
