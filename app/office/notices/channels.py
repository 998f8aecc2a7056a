"""Ways out of the house: each carries one short text to one address, and the same parcel twice is one message.

A channel that is killed between its effect and our mark is asked again with the same key, so it must know it by that.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol


class Gone(Exception):
    """Nobody is at this address any more: it is not tried again."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one address; `key` is the same at every try, `url` is where it leads on this site."""

    key: str
    address: str
    text: str
    url: str


class Channel(Protocol):
    """A way out: the paid WhatsApp gateway of an office is one of these."""

    @property
    def name(self) -> str:
        """How it is called in jobs and keys."""

    def send(self, parcel: Parcel) -> None:
        """Carry it there, once for each key.

        Raises:
            Gone: nobody is there any more.
            OSError: not now; it is asked again later.
        """


@dataclass(frozen=True)
class FileGateway:
    """Writes each message to a file of its own: what tests read, and what a modem or a bridge may pick up.

    The name of the file is the key, and whoever comes second finds it written.
    """

    folder: Path
    name: str = "gateway"

    def send(self, parcel: Parcel) -> None:
        """Write the whole file or nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / (re.sub(r"[^\w-]", "_", parcel.key) + ".json")
        if target.exists():
            return
        draft = target.with_suffix(f".{os.getpid()}.part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(parcel), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, target)
        except FileExistsError:
            return
        finally:
            draft.unlink()
