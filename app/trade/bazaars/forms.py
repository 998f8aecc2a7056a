"""What officers and sellers type about bazaars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, DateField, FloatField, HiddenField, IntegerField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import Length, Optional

from app.core.clock import today
from app.core.forms import AtLeast, AtMost, Form, PhoneField, Required, TextBlock, TextLine, Versioned, between
from app.core.i18n import _, _l, tanggal
from app.goods.categories.queries import list_categories
from app.kit import phone
from app.kit.periods import zone_named
from app.people.places.queries import list_children, settings_of
from app.trade.bazaars import rules
from app.trade.bazaars.models import Bazaar
from app.trade.bazaars.operations import Day, Settings

MOST_DAYS, LIMITS = 14, 3
DAY_END = time(23, 59)
COUNT = {"inputmode": "numeric"}


def _count(label: Any, *, optional: bool = False) -> IntegerField:
    checks: list[Any] = [Optional()] if optional else [Required()]
    return IntegerField(label, validators=[*checks, between(1, 500)], render_kw=COUNT)


class BazaarForm(Versioned):
    """A bazaar, as a curator sets it."""

    kunci = HiddenField(validators=[Length(max=64)])
    nama = TextLine(_l("Nama bazar"), [Required(), AtLeast(5), AtMost(100)])
    acara = TextLine(_l("Menumpang acara"), [Optional(), AtMost(120)])
    tempat = TextLine(_l("Tempat"), [Required(), AtLeast(5), AtMost(160)])
    kecamatan = SelectField(_l("Kecamatan"), [Optional()])
    lintang = FloatField(_l("Titik peta: lintang"), [Optional(), between(-11, 6)])
    bujur = FloatField(_l("Titik peta: bujur"), [Optional(), between(95, 141)])
    kontak = PhoneField(_l("Nomor WhatsApp panitia"), [Required()])
    mulai = DateField(_l("Hari pertama"), [Required()])
    selesai = DateField(_l("Hari terakhir"), [Required()])
    buka = TimeField(_l("Jam buka"), [Required()])
    tutup = TimeField(_l("Jam tutup"), [Required()])
    lapak = _count(_l("Jumlah lapak"))
    peserta = _count(_l("Peserta paling banyak"))
    pertama = _count(_l("Disimpan untuk yang pertama kali ikut"), optional=True)
    simpan = DateField(_l("Disimpan sampai"), [Optional()])
    batas1 = SelectField(_l("Batas 1: untuk siapa"), [Optional()])
    jumlah1 = _count(_l("Batas 1: paling banyak"), optional=True)
    batas2 = SelectField(_l("Batas 2: untuk siapa"), [Optional()])
    jumlah2 = _count(_l("Batas 2: paling banyak"), optional=True)
    batas3 = SelectField(_l("Batas 3: untuk siapa"), [Optional()])
    jumlah3 = _count(_l("Batas 3: paling banyak"), optional=True)
    daftar = DateField(_l("Pendaftaran sampai"), [Required()])
    terakhir = DateField(_l("Pendaftaran terlambat sampai"), [Required()])
    umum = DateField(_l("Diumumkan"), [Required()])
    keberatan = IntegerField(_l("Masa keberatan (hari)"), [Required(), between(0, 30)], render_kw=COUNT)
    cerita = TextBlock(_l("Cerita untuk pengunjung"), [Optional(), AtMost(600)])
    susunan = TextBlock(_l("Susunan acara"), [Optional(), AtMost(800)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether everything holds; half of a pair would be lost without a word."""
        holds = super().validate(extra_validators)
        return self._pairs_hold() and holds

    def _pairs_hold(self) -> bool:
        wrong = dict(self._halves())
        for name, sentence in wrong.items():
            if not self[name].errors:
                self.note(name, sentence)
        return not wrong

    def _halves(self) -> Iterator[tuple[str, str]]:
        """Yield each field that lacks what its other half says, or repeats it, and what to do."""
        both = _("Isi lintang dan bujur, atau kosongkan keduanya.")
        if self.bujur.data is None and self.lintang.data is not None:
            yield "bujur", both
        elif self.lintang.data is None and self.bujur.data is not None:
            yield "lintang", both
        if self.simpan.data and self.pertama.data is None:
            yield "pertama", _("Isi berapa tempat yang disimpan, atau kosongkan tanggalnya.")
        chosen: set[str] = set()
        for number in range(1, LIMITS + 1):
            who, many = self[f"batas{number}"], self[f"jumlah{number}"]
            if not who.data and many.data is not None:
                yield who.name, _("Pilih untuk siapa batas ini.")
            elif who.data and many.data is None:
                yield many.name, _("Isi jumlah paling banyak.")
            elif who.data in chosen:
                yield who.name, _("Sudah dipilih di batas lain.")
            if who.data:
                chosen.add(who.data)

    def offer(self, regency_code: str) -> None:
        """Fill the lists of the kabupaten."""
        places = list_children(regency_code)
        nothing = [SelectChoice(value="", label=_("Tidak ada"))]
        self.kecamatan.choices = [SelectChoice(value="", label=_("Di luar kecamatan")), *_choices(places)]
        tops = [each for each in list_categories() if each.parent_id is None]
        limits = [SelectChoice(value=rules.CATEGORY + each.slug, label=each.name) for each in tops]
        limits += [
            SelectChoice(value=rules.KECAMATAN + each.code, label=_("Kecamatan %(name)s", name=each.name))
            for each in places
        ]
        for number in range(1, LIMITS + 1):
            self[f"batas{number}"].choices = nothing + limits

    def settings(self, regency_code: str) -> Settings:
        """Return what was set, dates on the clock of the kabupaten."""
        zone = settings_of(regency_code).zone
        return Settings(
            name=self.nama.data,
            place=self.tempat.data,
            contact=self.kontak.data,
            stall_count=self.lapak.data or 1,
            host_event=self.acara.data or "",
            story=self.cerita.data or "",
            programme=self.susunan.data or "",
            kecamatan_code=self.kecamatan.data or None,
            latitude=self.lintang.data,
            longitude=self.bujur.data,
            soft_deadline=end_of(self.daftar.data, zone),
            hard_deadline=end_of(self.terakhir.data, zone),
            decision_at=end_of(self.umum.data, zone),
            reserved_until=end_of(self.simpan.data, zone),
            standstill_days=self.keberatan.data or 0,
        )

    def days(self) -> list[Day]:
        """Return the days with their hours; none when they make no sense."""
        return days_between(self.mulai.data, self.selesai.data, self.buka.data, self.tutup.data)

    def pools(self) -> list[rules.Pool]:
        """Return the pools that were set."""
        pools = {rules.TOTAL: rules.Pool(rules.TOTAL, self.peserta.data or 1)}
        for number in range(1, LIMITS + 1):
            key, capacity = self[f"batas{number}"].data, self[f"jumlah{number}"].data
            if key and capacity:
                pools[key] = rules.Pool(key, capacity)
        if self.pertama.data:
            pools[rules.FIRST_TIMER] = rules.Pool(rules.FIRST_TIMER, self.pertama.data, "reserved")
        return list(pools.values())

    def field_of(self, problem: str) -> str:
        """Return the field beside which a problem is said."""
        for number in range(1, LIMITS + 1):
            if self[f"batas{number}"].data == problem:
                return f"jumlah{number}"
        return FIELDS.get(problem, "nama")


FIELDS = {
    "day": "mulai", "soft": "daftar", "hard": "terakhir", "decision": "umum", "standstill": "keberatan",
    "reserved_until": "simpan", "total": "peserta", "reserved": "pertama", "first_timer": "pertama",
    "contact": "kontak", "place": "tempat",
}  # fmt: skip


def _choices(places: Any) -> list[Any]:
    return [SelectChoice(value=each.code, label=each.name) for each in places]


def end_of(day: date | None, zone: str) -> datetime | None:
    """Return the last minute of a day on the clock of a zone."""
    return zone_named(zone).at(day, DAY_END) if day and day.year < 9000 else None


def days_between(first: date | None, last: date | None, opens: time | None, closes: time | None) -> list[Day]:
    """Return each day from the first to the last, none when that is no span of a bazaar."""
    if not (first and last and opens and closes) or opens >= closes or not 2000 < first.year < 2200:
        return []
    many = (last - first).days + 1
    return [Day(first + timedelta(days=each), opens, closes) for each in range(many)] if 0 < many <= MOST_DAYS else []


def filled_from(bazaar: Bazaar) -> dict[str, Any]:
    """Return a bazaar as the fields show it."""
    zone = zone_named(settings_of(bazaar.regency_code).zone)
    dates = {
        "daftar": bazaar.soft_deadline,
        "terakhir": bazaar.hard_deadline,
        "umum": bazaar.decision_at,
        "simpan": bazaar.reserved_until,
    }
    shown: dict[str, Any] = {name: zone.day(moment) for name, moment in dates.items() if moment}
    pools = {pool.key: pool.capacity for pool in bazaar.pools}
    limits = [key for key in pools if key not in {rules.TOTAL, rules.FIRST_TIMER}]
    for number, key in enumerate(limits[:LIMITS], 1):
        shown |= {f"batas{number}": key, f"jumlah{number}": pools[key]}
    return shown | {
        "versi": str(bazaar.version),
        "nama": bazaar.name,
        "acara": bazaar.host_event,
        "tempat": bazaar.place,
        "kecamatan": bazaar.kecamatan_code or "",
        "lintang": bazaar.latitude,
        "bujur": bazaar.longitude,
        "kontak": bazaar.contact,
        "mulai": bazaar.days[0].day,
        "selesai": bazaar.days[-1].day,
        "buka": bazaar.days[0].opens,
        "tutup": bazaar.days[0].closes,
        "lapak": bazaar.stall_count,
        "peserta": pools.get(rules.TOTAL),
        "pertama": pools.get(rules.FIRST_TIMER),
        "keberatan": bazaar.standstill_days,
        "cerita": bazaar.story,
        "susunan": bazaar.programme,
    }


def differing(form: Versioned, bazaar: Bazaar) -> list[tuple[str, str]]:
    """Return what is stored where a form says something else: the name of the field and the value in words."""
    stored = filled_from(bazaar)
    return [
        (str(each.label.text), _in_words(each, stored.get(each.name)))
        for each in form
        if not isinstance(each, HiddenField) and (each.data or "") != (stored.get(each.name) or "")
    ]


def _in_words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return _("kosong")
    if isinstance(field, SelectField):
        choices: Any = field.choices
        return next((str(each.label) for each in choices if each.value == value), str(value))
    if isinstance(field, DateField):
        return tanggal(value)
    if isinstance(field, TimeField):
        return f"{value:%H.%M}"
    return phone.show(value) if isinstance(field, PhoneField) else str(value)


LAST_TIME = ("tempat", "kecamatan", "lintang", "bujur", "kontak", "buka", "tutup", "lapak", "peserta", "susunan")


def first_guess(regency_code: str, last: Bazaar | None = None) -> dict[str, Any]:
    """Return what an empty form begins with: the Saturday five weeks from now, and place and size as last time."""
    settings = settings_of(regency_code)
    day = today(settings.zone)
    saturday = day + timedelta(days=35 + (5 - day.weekday()) % 7)
    known = filled_from(last) if last else {}
    return {
        "mulai": saturday,
        "selesai": saturday,
        "buka": time(8),
        "tutup": time(15),
        "daftar": day + timedelta(days=14),
        "terakhir": day + timedelta(days=17),
        "umum": day + timedelta(days=21),
        "keberatan": int(settings.get("bazaar.standstill_days")),
        "kontak": settings.get("office.phone") if str(settings.get("office.phone")).startswith("+628") else None,
    } | {name: known[name] for name in LAST_TIME if known.get(name) is not None}


class CallForm(Versioned):
    """New dates of an open call: the days of the bazaar itself stay."""

    daftar = DateField(_l("Pendaftaran sampai"), [Required()])
    terakhir = DateField(_l("Pendaftaran terlambat sampai"), [Required()])
    umum = DateField(_l("Diumumkan"), [Required()])


class DatesForm(CallForm):
    """New dates of a bazaar that was put off, its days too."""

    mulai = DateField(_l("Hari pertama"), [Required()])
    selesai = DateField(_l("Hari terakhir"), [Required()])


class ApplyForm(Form):
    """A seller's wish for a place."""

    kunci = HiddenField(validators=[Length(max=64)])
    barang = TextLine(_l("Barang yang dibawa"), [Required(), AtLeast(3), AtMost(200)])
    listrik = BooleanField(_l("Perlu listrik"))
    catatan = TextBlock(_l("Pesan untuk panitia"), [Optional(), AtMost(300)])


class HelpForm(ApplyForm):
    """The same, by her pendamping."""

    bazar = SelectField(_l("Bazar"), [Required(_l("Pilih bazar."))])
    penjual = SelectField(_l("Lapak"), [Required(_l("Pilih lapak."))])
