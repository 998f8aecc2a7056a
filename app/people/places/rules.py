"""What a kabupaten may set, and what holds until it does. Times are in hours unless the name says otherwise."""

from __future__ import annotations

import math
from typing import Any, Final

EARTH_KM: Final = 6_371

# A proposal; each office puts its own blank in its place. What stands in braces is filled from the register.
LETTER = """Yang bertanda tangan di bawah ini, {nama}, NIK {nik}, nomor KK {kk}, beralamat di {alamat}, Desa {desa}, \
Kecamatan {kecamatan}, {kabupaten}, peserta program sejak {tahun_masuk}, didampingi oleh {pendamping}.
Dengan ini saya menyatakan, atas kemauan sendiri dan tanpa paksaan dari siapa pun, bahwa kesejahteraan keluarga saya \
sudah membaik, dan saya keluar dari kepesertaan program bantuan.
Usaha keluarga saya: {jenis_usaha}, berjalan sejak {mulai_usaha}. Alasan saya: {alasan}
Saya memahami bahwa bantuan berhenti dan tempatnya diberikan kepada keluarga lain. Saya bersedia dikunjungi setelah ini.
Surat ini saya buat dengan sebenarnya di hadapan saksi, dan ditujukan kepada {dinas}."""

DEFAULTS: dict[str, Any] = {
    "office.name": "Dinas Sosial Kabupaten Serang",
    "office.address": "Jalan Ki Mas Jong, Serang",
    "office.phone": "+62254200000",
    "office.email": "dinsos@contoh.go.id",
    "office.hours": "Senin–Jumat 08.00–15.30",
    "office.privacy_officer": "Petugas Pelindungan Data",
    "clock.accept_hours": 24,
    "clock.remind_hours": 2,
    "clock.silent_hours": 12,
    "clock.at_risk_hours": 12,
    "clock.claim_hours": 24,
    "clock.refund_days": 3,
    "clock.refund_late_days": 7,
    "clock.treasurer_days": 14,
    "clock.amend_hours": 24,
    "clock.pay_hours": 24,
    "clock.ready_grace_hours": 48,
    "clock.collect_hours": 72,
    "clock.promise_hours": 24,
    "clock.ready_hour": 17,
    "clock.night_from": 21,
    "clock.night_until": 7,
    "clock.bazaar_grace_hours": 2,
    "bazaar.order_hours": 12,
    "consent.publish_version": "2026-11",
    "curation.days": 1,
    "bazaar.offer_hours": 48,
    "bazaar.late_offer_hours": 12,
    "bazaar.reask_hours": 72,
    "bazaar.standstill_days": 3,
    "graduation.letter": LETTER,
    "orders.most_waiting": 10,
    "ticket.days": 7,
    "return.open_hours": 48,
    "return.answer_hours": 24,
    "return.settle_hours": 72,
    "return.escalate_hours": 72,
    "return.close_hours": 72,
    "office.notice_hours": 12,
    "office.stamp_above": 5_000_000,
    "office.stamp_worth": 10_000,
    "orders.days_ahead": 30,
    "bazaar.silent_days": 5,
    "book.back_days": 31,
    "book.far_above": 10,
}


def value(stored: dict[str, Any], key: str) -> Any:
    """Return a setting, or its default.

    >>> value({}, "clock.accept_hours")
    24
    >>> value({"clock.accept_hours": 12}, "clock.accept_hours")
    12
    """
    return stored.get(key, DEFAULTS[key])


def level_of(code: str) -> str:
    """Tell what a dotted code names.

    >>> level_of("36.04.13")
    'kecamatan'
    """
    return ("province", "regency", "kecamatan", "desa")[code.count(".")]


def parent_of(code: str) -> str | None:
    """Return the code of the area around, None for a province.

    >>> parent_of("36.04.13.2001")
    '36.04.13'
    """
    return code.rpartition(".")[0] or None


def around(code: str) -> list[str]:
    """Return the codes of an area and of everything around it, the widest first.

    >>> around("36.04.13")
    ['36', '36.04', '36.04.13']
    """
    parts = code.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def within(code: str, scope: str) -> bool:
    """Tell whether an area lies in (or is) another.

    >>> within("36.04.13.2001", "36.04"), within("36.040", "36.04")
    (True, False)
    """
    return code == scope or code.startswith(scope + ".")


def kilometres(here: tuple[float | None, float | None], there: tuple[float | None, float | None]) -> int | None:
    """Return how far two (latitude, longitude) lie apart as the crow flies, rounded; None when one is unknown.

    >>> kilometres((-6.12, 106.15), (-6.06, 106.16)), kilometres((None, None), (-6.06, 106.16))
    (7, None)
    """
    lat1, lon1, lat2, lon2 = *here, *there
    if lat1 is None or lon1 is None or lat2 is None or lon2 is None:
        return None
    across, along = math.radians(lat2 - lat1) / 2, math.radians(lon2 - lon1) / 2
    half = math.sin(across) ** 2 + math.cos(math.radians(lat1)) * math.cos(math.radians(lat2)) * math.sin(along) ** 2
    return round(2 * EARTH_KM * math.asin(math.sqrt(half)))
