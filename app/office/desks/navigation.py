"""The way between the rooms of each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import g, request
from sqlalchemy import ColumnElement, select

from app.core.db import db
from app.core.i18n import _, _l, _lp
from app.core.policy import Actor
from app.goods.curation import queries as curation
from app.goods.shops import queries as shops
from app.growth.graduation import waits
from app.office.insights.waiting import count_in
from app.office.requests import queries as data_requests
from app.people.accounts.rules import home_of
from app.trade.ekatalog import queries as ekatalog
from app.trade.orders import queries as orders

# What waits behind a way: counted within the one question that all ways of a page ask, or counted already.
Counter = Callable[[Actor], ColumnElement[int] | int]


@dataclass
class Link:
    """One way: `count` is asked for only when a page shows it."""

    url: str
    text: object
    icon: str
    actor: Actor
    current: bool = False

    @property
    def label(self) -> str:
        """Return the word under the icon."""
        return str(self.text)

    @property
    def home(self) -> str:
        """Return the first page of whose way this is."""
        return home_of(self.actor.role)

    @property
    def count(self) -> int:
        """Return how many things wait there, 0 for none."""
        return _counts(self.actor).get(self.url, 0)


def _counts(actor: Actor) -> dict[str, int]:
    """Return what waits behind every way of an actor, asked for at once and once a request."""
    kept: dict[int, dict[str, int]] = g.setdefault("ways", {})
    if actor.id not in kept:
        found = {url: counter(actor) for url, _text, _icon, counter in _ways(actor) if counter}
        counted = {url: each for url, each in found.items() if isinstance(each, int)}
        asked = {url: each for url, each in found.items() if not isinstance(each, int)}
        answers = db.session.execute(select(*asked.values())).one() if asked else ()
        kept[actor.id] = counted | dict(zip(asked, answers, strict=True))
    return kept[actor.id]


def _new_orders(actor: Actor) -> ColumnElement[int]:
    return orders.unanswered_of(actor.id)


def _waits(url: str) -> Counter:
    """Count what waits in a room for whoever answers for a region, as their first page lists it."""
    return partial(count_in, url=url)


Way = tuple[str, object, str, Counter | None]

HELP: Way = ("/bantuan", _l("Bantuan"), "bantuan", None)
WAYS: dict[str, tuple[Way, ...]] = {
    "seller": (
        ("/jualan/pesanan", _l("Pesanan"), "keranjang", _new_orders),
        ("/jualan/produk", _l("Produk"), "kotak", None),
        ("/jualan/produk/baru", _l("Jual"), "kamera", None),
        ("/jualan/catat", _l("Catat"), "centang", None),
        ("/jualan/bazar", _l("Bazar"), "kalender", None),
    ),
    "pendamping": (
        ("/dampingan", _l("Hari ini"), "rumah", None),
        ("/dampingan/penjual", _l("Penjual"), "orang", None),
        ("/dampingan/keluarga", _l("Keluarga"), "keluarga", None),
        ("/dinsos/perkembangan", _l("Perkembangan"), "tangga", waits.still_open),
        ("/dampingan/permintaan", _l("Permintaan"), "lonceng", shops.open_requests),
        ("/dampingan/bazar", _l("Bazar"), "kalender", None),
        ("/dampingan/ekatalog", _l("e-Katalog"), "berkas", None),
        HELP,
    ),
    "curator": (
        ("/dinsos", _l("Meja"), "rumah", None),
        ("/dinsos/kurasi", _l("Kurasi"), "lihat", curation.still_waiting),
        ("/dinsos/ekatalog", _l("e-Katalog"), "berkas", ekatalog.waiting_for),
        ("/dampingan/penjual", _l("Penjual"), "orang", None),
        ("/dinsos/permintaan", _l("Permintaan"), "lonceng", shops.open_requests),
        ("/dinsos/bazar", _l("Bazar"), "kalender", None),
        HELP,
    ),
    "caseworker": (
        ("/dinsos", _l("Meja"), "rumah", None),
        ("/dinsos/keluarga", _l("Keluarga"), "keluarga", None),
        ("/dampingan/keluarga", _l("Kunjungan"), "kalender", None),
        ("/dinsos/uep", _l("UEP"), "kotak", _waits("/dinsos/uep")),
        ("/dinsos/ringkasan", _l("Ringkasan"), "grafik", None),
        ("/dinsos/perkembangan", _l("Perkembangan"), "tangga", _waits("/dinsos/perkembangan")),
        HELP,
    ),
    "approver": (
        ("/dinsos", _l("Meja"), "rumah", None),
        ("/dinsos/ekatalog", _l("e-Katalog"), "berkas", _waits("/dinsos/ekatalog")),
        ("/dinsos/bazar", _l("Bazar"), "kalender", _waits("/dinsos/bazar")),
        ("/dinsos/keluarga", _l("Keluarga"), "keluarga", None),
        ("/dinsos/uep", _l("UEP"), "kotak", None),
        ("/dinsos/ringkasan", _l("Ringkasan"), "grafik", None),
        ("/dinsos/perkembangan", _l("Perkembangan"), "tangga", _waits("/dinsos/perkembangan")),
        HELP,
    ),
    "head": (
        ("/dinsos", _l("Meja"), "rumah", None),
        ("/dinsos/ringkasan", _l("Ringkasan"), "grafik", None),
        ("/dinsos/perkembangan/keberatan", _l("Keberatan"), "lonceng", _waits("/dinsos/perkembangan/keberatan")),
        ("/dinsos/graduasi", _l("Graduasi"), "tangga", None),
        ("/dinsos/ekatalog/hasil", _l("e-Katalog"), "berkas", None),
        ("/dinsos/perkembangan/aturan", _l("Aturan"), "buku", _waits("/dinsos/perkembangan/aturan")),
        HELP,
    ),
    "steward": (
        ("/dinsos", _l("Meja"), "rumah", None),
        ("/dinsos/permintaan-data", _l("Permintaan"), "lonceng", data_requests.still_open),
        ("/dinsos/akses", _l("Akses"), "lihat", None),
        ("/dinsos/catatan", _lp("apa yang terjadi", "Catatan"), "buku", None),
        HELP,
    ),
    "admin": (
        ("/dinsos", _l("Meja"), "rumah", None),
        ("/dinsos/akun", _l("Akun"), "orang", None),
        ("/dinsos/pengaturan", _l("Pengaturan"), "atur", None),
        HELP,
    ),
}
CHOICES = ("/jualan/pilihan/", "/jualan/produk/")  # a choice is part of a product, whatever its address says
OFFICE: tuple[Way, ...] = (("/dinsos", _l("Meja"), "rumah", None), HELP)


def links_of(actor: Actor) -> list[Link]:
    """Return the ways of an actor, none for visitors."""
    if actor.is_anonymous:
        return []
    here = _nearest([url for url, *_rest in _ways(actor)])
    return [Link(url, text, icon, actor, url == here) for url, text, icon, _counter in _ways(actor)]


def _ways(actor: Actor) -> tuple[Way, ...]:
    return WAYS.get(actor.role, OFFICE)


def _nearest(urls: list[str]) -> str:
    """Return the way that the page shown lies on: the longest, since one room may lie within another."""
    path = request.path.replace(*CHOICES, 1)
    on_the_way = (url for url in urls if path == url or (url.count("/") > 1 and path.startswith(url + "/")))
    return max(on_the_way, key=len, default="")


def greeting(hour: int) -> str:
    """Return the greeting of a local hour."""
    if hour < 11:
        return _("Selamat pagi.")
    if hour < 15:
        return _("Selamat siang.")
    return _("Selamat sore.") if hour < 19 else _("Selamat malam.")
