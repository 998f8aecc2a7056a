"""What every way out of the house keeps, the files for a paid WhatsApp gateway among them: the same promises."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path
from socketserver import BaseServer

import pytest

from app.office.notices.channels import Channel, FileGateway, Gone, Parcel
from app.office.notices.mail import MailChannel
from app.office.notices.push import PushChannel, packed
from tests.office.notices.test_mail import Server
from tests.office.notices.test_push import Browser, Service

KEY, TEXT, INBOX = "lapak-7-3", "Ada pesanan baru. Buka Lapak Mandiri.", "/jualan/kabar"


@dataclass
class Rig:
    """A channel with the far end of it. `came` tells of each message by what it is known, and what it says."""

    channel: Channel
    address: str
    came: Callable[[], list[tuple[str, str]]]
    away: Callable[[], object]
    gone: Callable[[], object] | None


@contextmanager
def _serving(server: BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def files(app, folder: Path) -> Iterator[Rig]:
    box = folder / "keluar"

    def came() -> list[tuple[str, str]]:
        return [(each.name, each.read_text(encoding="utf-8")) for each in box.glob("*")]

    # Nobody at a number is for the bridge to find out: a file is always taken.
    yield Rig(FileGateway(box), "+628123456789", came, lambda: box.write_text("not a folder"), None)


@contextmanager
def letters(app, _folder: Path) -> Iterator[Rig]:
    server = Server()
    use(app, smtp_url=f"smtp://127.0.0.1:{server.server_address[1]}", public_url="https://lapak.contoh.go.id")

    def came() -> list[tuple[str, str]]:
        found = [message_from_bytes(each, policy=policy.default) for each in server.came]
        return [(each["Message-ID"], each.get_content()) for each in found]

    def says(answer: str) -> Callable[[], object]:
        return lambda: server.says.update(RCPT=answer)

    with _serving(server):
        yield Rig(MailChannel(), "sarmi@contoh.id", came, says("451 later"), says("550 nobody"))


@contextmanager
def phones(app, _folder: Path) -> Iterator[Rig]:
    server, browser = Service(), Browser()
    use(app, push_origins=(server.origin,))
    form = browser.form(server.origin + "/a")

    def came() -> list[tuple[str, str]]:
        return [(headers["Topic"], json.dumps(browser.open(body))) for _path, headers, body in server.came]

    def says(status: int) -> Callable[[], object]:
        return lambda: setattr(server, "status", status)

    with _serving(server):
        yield Rig(PushChannel(), packed(form["alamat"], form["kunci"], form["rahasia"]), came, says(503), says(410))


def use(app, **settings: object) -> None:
    app.extensions["lapak_settings"] = replace(app.extensions["lapak_settings"], **settings)


def test_each_has_a_name_of_its_own():
    names = [each.name for each in (FileGateway(Path("x")), MailChannel(), PushChannel())]

    assert len(set(names)) == 3


@pytest.fixture(params=[files, letters, phones], ids=["gateway", "mail", "push"])
def rig(app, request, tmp_path) -> Iterator[Rig]:
    before = app.extensions["lapak_settings"]
    with request.param(app, tmp_path) as rig:
        yield rig
    app.extensions["lapak_settings"] = before


def parcel(rig: Rig) -> Parcel:
    return Parcel(KEY, rig.address, TEXT, INBOX)


def test_it_carries_the_text_and_where_it_leads(rig):
    rig.channel.send(parcel(rig))

    [(_key, said)] = rig.came()
    assert TEXT in said
    assert INBOX in said


def test_the_same_parcel_twice_is_known_as_one_message_and_another_is_another(rig):
    for _ in range(2):
        rig.channel.send(parcel(rig))
    assert len({key for key, _said in rig.came()}) == 1

    rig.channel.send(replace(parcel(rig), key="lapak-8-3"))

    assert len({key for key, _said in rig.came()}) == 2


def test_when_it_is_away_it_says_so(rig):
    rig.away()

    with pytest.raises(OSError, match=r"\w"):
        rig.channel.send(parcel(rig))


@pytest.mark.parametrize("rig", [letters, phones], ids=["mail", "push"], indirect=True)
def test_where_nobody_is_any_more_it_says_so(rig):
    """Of files it is whoever fetches them who finds out."""
    assert rig.gone
    rig.gone()

    with pytest.raises(Gone):
        rig.channel.send(parcel(rig))
