"""What the figures say in a sentence: each picture is headed by its finding, and a hidden sum is called hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from app.core.i18n import _, _l, _n, angka, language
from app.kit import periods
from app.kit.rupiah import Rupiah
from app.office.insights.rules import Area, Figure, Held, Overview, Row, Value, as_number, change, percent

CHANNELS = {
    "online": _l("Pesanan di situs"),
    "bazaar": _l("Bazar"),
    "manual": _l("Catatan sendiri"),
    "government": _l("Pemerintah (e-Katalog)"),
    "group": _l("Kelompok (KUBE)"),
}
GRADES = {
    "A": _l("A · kode pembeli cocok"),
    "B": _l("B · dicocokkan petugas bazar"),
    "C": _l("C · tanpa kode pembeli"),
    "D": _l("D · catatan sendiri"),
}
FAMILIES = {
    "none": _l("Belum didampingi"),
    "registered": _l("Terdaftar, izin belum ditanya"),
    "visit_only": _l("Kunjungan saja"),
    "observing": _l("Diamati"),
    "steady": _l("Bertahan"),
    "watch": _l("Perlu diperhatikan"),
    "support": _l("Sedang didukung"),
    "referred": _l("Dirujuk"),
    "completed": _l("Pemantauan selesai"),
    "closed": _l("Ditutup, bukan karena penjualan"),
    "with_aid": _l("Masih menerima bantuan"),
    "self_nominated": _l("Ingin naik sendiri"),
    "suggested": _l("Disarankan naik"),
    "accompanied": _l("Didampingi naik"),
    "proposed": _l("Diusulkan naik"),
    "step_up": _l("Naik"),
    "not_yet": _l("Belum naik"),
}
JT, MILIAR = 1_000_000, 1_000_000_000
RECENT = 6
PERCENT = ("PROVEN", "REPORTED")


def month(day: date) -> str:
    """Name a month with its year."""
    return periods.bulan(day, language=language())


def heads(seen: Overview) -> list[str]:
    """Name the three months that stand beside each other."""
    return [month(day) for day in seen.compared]


def ends(seen: Overview) -> list[str]:
    """Name the ends of these months, at which families are counted; the running one has none yet."""
    now, *earlier = (_("Akhir %(month)s", month=name) for name in heads(seen))
    return [_("Sekarang") if seen.running else now, *earlier]


def in_short(value: Value) -> str:
    """Show a figure: rupiah from a million up in short, as summaries may; a hidden one as a word.

    >>> in_short(Rupiah(38_000))
    'Rp38.000'
    """
    if value is None:
        return _("ditutup")
    if not isinstance(value, Rupiah):
        return angka(value)
    if abs(value.amount) >= MILIAR:
        return _("Rp%(n)s miliar", n=angka(round(value.amount / MILIAR, 2)))
    if abs(value.amount) >= JT:
        return _("Rp%(n)s jt", n=angka(round(value.amount / JT, 1)))
    return str(value)


def exact(value: Value) -> str:
    """Show a figure to the last rupiah."""
    return str(value) if isinstance(value, Rupiah) else in_short(value)


def said(figure: Figure, value: Value) -> str:
    """Show a figure with its sign."""
    return f"{value}%" if figure.id in PERCENT and value is not None else in_short(value)


Bar = tuple[str, str, int | None]


def rupiah(amount: int) -> str:
    """Show a bare number of a picture as rupiah, in short."""
    return in_short(Rupiah(amount))


def named(rows: Iterable[Row], names: Mapping[str, object]) -> list[Bar]:
    """Return the bars of a breakdown."""
    return [(str(names[row.key]), in_short(row.now), as_number(row.now)) for row in rows]


def recent(figure: Figure) -> list[Bar]:
    """Return the bars of the last half year, the newest first."""
    return [(month(day), in_short(value), as_number(value)) for day, value in reversed(figure.series[-RECENT:])]


def topmost(areas: Iterable[Area]) -> list[Bar]:
    """Return the bars of areas by their shops."""
    return [(each.name, in_short(each.shops), each.shops) for each in areas]


def moved(figure: Figure, before: Value, when: date) -> tuple[str, str]:
    """Say how a figure stands beside an earlier month, and which way it went."""
    now, then, name = as_number(figure.now), as_number(before), month(when)
    if now is None or then is None:
        return "", ""
    if now == then:
        return _("Sama dengan %(month)s", month=name), ""
    way, step = ("up", now - then) if now > then else ("down", then - now)
    if figure.id in PERCENT:
        text = _("Naik %(n)s angka dari %(month)s") if way == "up" else _("Turun %(n)s angka dari %(month)s")
        return text % {"n": step, "month": name}, way
    moved_by = change(figure.now, before)
    if isinstance(figure.now, Rupiah) and moved_by:
        if way == "up":
            return _("Naik %(n)s%% dari %(month)s", n=angka(moved_by), month=name), way
        return _("Turun %(n)s%% dari %(month)s", n=angka(-moved_by), month=name), way
    by = in_short(Rupiah(step) if isinstance(figure.now, Rupiah) else step)
    if way == "up":
        return _("Bertambah %(n)s dari %(month)s", n=by, month=name), way
    return _("Berkurang %(n)s dari %(month)s", n=by, month=name), way


def sales_title(seen: Overview) -> str:
    """Head the year of takings with what it shows."""
    takings, name = seen.figures["TAKINGS"], month(seen.month)
    if takings.now is None:
        return _("Uang masuk %(month)s berasal dari kurang dari lima lapak", month=name)
    if not takings.now:
        return _("Belum ada uang masuk pada %(month)s", month=name)
    for before, when in ((takings.year_ago, seen.compared[2]), (takings.before, seen.compared[1])):
        by = change(takings.now, before)
        if by is None:
            continue
        if by == 0:
            return _("Uang masuk sama dengan %(month)s", month=month(when))
        if by >= 100:
            return _("Uang masuk %(n)s kali %(month)s", n=angka(round(1 + by / 100, 1)), month=month(when))
        if by > 0:
            return _("Uang masuk naik %(n)s%% dari %(month)s", n=by, month=month(when))
        return _("Uang masuk turun %(n)s%% dari %(month)s", n=-by, month=month(when))
    return _("Uang masuk %(month)s: %(amount)s", month=name, amount=in_short(takings.now))


def evidence_title(seen: Overview) -> str:
    """Head the evidence."""
    proven, takings = seen.figures["PROVEN"].now, seen.figures["TAKINGS"].now
    if proven is None or takings is None:
        return _("Sebagian bukti ditutup bulan ini")
    if not takings:
        return _("Belum ada penjualan yang dinilai buktinya")
    return _("%(n)s%% uang masuk punya bukti kuat", n=proven)


def channels_title(seen: Overview) -> str:
    """Head the channels."""
    told = [row for row in seen.channels if row.now]
    if not told:
        return _("Belum ada saluran yang bisa ditampilkan")
    best = max(told, key=lambda row: as_number(row.now) or 0)
    share = percent(best.now, seen.figures["TAKINGS"].now)
    if share is None:
        return _("%(channel)s membawa %(amount)s", channel=CHANNELS[best.key], amount=in_short(best.now))
    return _("%(channel)s membawa %(n)s%% uang masuk", channel=CHANNELS[best.key], n=share)


def bazaars_title(seen: Overview) -> str:
    """Head the bazaars."""
    held = as_number(seen.figures["BAZAARS"].now) or 0
    if not held:
        return _("Tidak ada bazar yang selesai pada %(month)s", month=month(seen.month))
    return _n("%(n)s bazar selesai bulan ini", "%(n)s bazar selesai bulan ini", held, n=held)


HELD = (
    _l("Hari"), _l("Bazar"), _l("Kecamatan terwakili"), _l("Omzet"), _l("Pembeli pertama kali"),
    _l("Wajah baru di lapak"),
)  # fmt: skip


def covered(held: Held) -> str:
    """Say how many kecamatan of all were at a bazaar: `5 dari 29`."""
    return _("%(n)s dari %(all)s", n=held.covered, all=held.areas)


def areas_of(seen: Overview) -> str:
    """Name the kind of areas that a region has."""
    return _("kecamatan") if "." in seen.region_code else _("kabupaten dan kota")


def areas_title(seen: Overview) -> str:
    """Head the map."""
    selling = sum(1 for each in seen.areas if each.shops != 0 and each.code)
    told = [each for each in seen.areas if each.shops and each.code]
    counts = {"n": selling, "all": len(seen.area_names), "areas": areas_of(seen)}
    if not selling:
        return _("Belum ada %(areas)s dengan penjualan bulan ini", areas=counts["areas"])
    if not told:
        return _("Lapak menjual di %(n)s dari %(all)s %(areas)s", **counts)
    best = max(told, key=lambda each: (each.shops or 0, each.name))
    return _("Lapak menjual di %(n)s dari %(all)s %(areas)s, terbanyak di %(best)s", **counts, best=best.name)


def families_title(seen: Overview) -> str:
    """Head the families."""
    everybody, watched = seen.figures["FAMILIES"].now, seen.figures["CONSENT"].now
    share = percent(watched, everybody)
    if everybody is None:
        return _("Keluarga terdaftar kurang dari lima")
    if share is None:
        return _("%(n)s keluarga aktif terdaftar", n=in_short(everybody))
    return _("%(n)s keluarga aktif, %(share)s%% mengizinkan pemantauan", n=in_short(everybody), share=share)


def graduations_title(seen: Overview) -> str:
    """Head the families that graduated."""
    year, whole = seen.month.year, _whole(seen.graduations)
    if whole == 0:
        return _("Belum ada keluarga graduasi pada %(year)s", year=year)
    if whole is None:
        return _("Keluarga graduasi pada %(year)s, menurut wilayah", year=year)
    return _("%(n)s keluarga graduasi pada %(year)s", n=angka(whole), year=year)


def grants_title(seen: Overview) -> str:
    """Head the aid."""
    year, whole, share = seen.month.year, _whole(seen.grants), seen.figures["REPORTED"].now
    if whole == 0:
        return _("Belum ada bantuan UEP pada %(year)s", year=year)
    if share is not None:
        return _("%(n)s%% penerima UEP %(year)s sudah melaporkan bantuannya", n=share, year=year)
    if whole is None:
        return _("Bantuan UEP pada %(year)s, menurut wilayah", year=year)
    return _("%(n)s keluarga menerima UEP pada %(year)s", n=angka(whole), year=year)


def _whole(rows: Iterable[Row]) -> int | None:
    """Add the rows of a year up; None where one of them is hidden."""
    told = [as_number(row.now) for row in rows]
    return None if None in told else sum(count for count in told if count)
