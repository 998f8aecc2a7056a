"""One question, one form: what may be answered to each item, and what an officer writes down."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from app.core.forms import AtLeast, AtMost, Form, QuantityField, Required, RupiahField, TextBlock, TextLine, between
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.goods.permits import rules as permits
from app.goods.permits.forms import PermitForm
from app.trade.ekatalog import checklist
from app.trade.ekatalog.models import EkatalogCategory
from app.trade.ekatalog.outside import Sighting
from app.trade.ekatalog.reference import Reason

MOST_UNITS = 100_000
PERMITS = {"nib": ("nib",), "npwp": ("npwp",), "licence": checklist.LICENCES, "halal": ("halal",)}
DECLARED = {
    "bank": _l("Rekening untuk menerima uang atas nama saya sendiri."),
    "phone": _l("Nomor HP saya aktif dan saya angkat kalau ditelepon."),
    "local": _l("Barang ini saya buat sendiri di Indonesia."),
}


class CategoryForm(Form):
    """Which category outside, of those that take her class of business."""

    code: Any = RadioField(_l("Kategori"), name="kategori")

    def offer(self, categories: list[EkatalogCategory]) -> CategoryForm:
        """Fill the choices."""
        self.code.choices = [(each.code, f"{each.level1} › {each.name}") for each in categories]
        return self

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"code": self.code.data}


class DeclarationForm(Form):
    """One sentence to stand by."""

    agreed: Any = BooleanField(name="setuju")

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"agreed": bool(self.agreed.data)}


class CapacityForm(Form):
    """How many a week."""

    per_week: Any = QuantityField(
        _l("Sanggup berapa seminggu"),
        [Required(_l("Tulis jumlahnya, misalnya 40")), between(1, MOST_UNITS)],
        name="seminggu",
    )

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"per_week": self.per_week.data}


class LeadForm(Form):
    """How many days, and how far."""

    days: Any = QuantityField(
        _l("Berapa hari sampai siap"), [Required(_l("Tulis harinya, misalnya 2")), between(0, 365)], name="hari"
    )
    radius_km: Any = QuantityField(_l("Bisa antar sampai berapa km"), [Optional(), between(0, 500)], name="jarak")

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"days": self.days.data, "radius_km": self.radius_km.data}


class CostForm(Form):
    """What one unit costs to make."""

    cost: Any = RupiahField(_l("Modal per satuan"), [Required(_l("Tulis modalnya, misalnya 12000"))], name="modal")
    below: Any = BooleanField(_l("Saya tahu harganya di bawah modal, dan tetap mau."), name="di-bawah-modal")

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"cost": self.cost.data.amount, "below": bool(self.below.data)}


class FoodForm(Form):
    """What is in it and how it keeps."""

    ingredients: Any = TextBlock(_l("Bahan-bahannya"), [Required(), AtLeast(3), AtMost(1000)], name="bahan")
    allergens: Any = TextLine(_l("Yang bisa bikin alergi"), [Optional(), AtMost(200)], name="alergi")
    storage: Any = TextLine(_l("Cara simpan"), [Required(), AtMost(200)], name="simpan")
    shelf_life_days: Any = QuantityField(_l("Tahan berapa hari"), [Required(), between(1, 3650)], name="tahan")

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        names = ("ingredients", "allergens", "storage", "shelf_life_days")
        return {name: self[name].data for name in names}


class KbkiForm(Form):
    """The commodity code."""

    code: Any = TextLine(_l("Kode KBKI"), [Required(), AtMost(20)], name="kbki")

    def filled(self) -> bool:
        """Tell whether this was sent and holds."""
        if not super().filled():
            return False
        try:
            self.code.data = permits.read("kbki", self.code.data).number
        except permits.Unreadable:
            self.note("code", _("Kode KBKI paling banyak 10 angka."))
            return False
        return True

    def value(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"code": self.code.data}


class PhotoForm(Form):
    """One more photo."""

    photo: Any = PictureField(_l("Foto"), name="foto")
    remove: Any = HiddenField(name="hapus")


class HalalForm(PermitForm):
    """A certificate, or why none is needed."""

    reason: Any = TextLine(_l("Atau: alasan tidak perlu sertifikat"), [Optional(), AtMost(200)], name="alasan")


class SentenceForm(Form):
    """One sentence of a person."""

    sentence: Any = TextBlock(_l("Kalimat"), [Required(_l("Tulis satu kalimat.")), AtMost(300)], name="kalimat")


class OutsideForm(Form):
    """What was done or seen outside."""

    status: Any = RadioField(_l("Yang terjadi"), name="status")
    seen_on: Any = DateField(_l("Tanggal"), [Required(_l("Isi tanggalnya."))], name="tanggal")
    seen_by: Any = TextLine(_l("Siapa yang melihat"), [Required(_l("Tulis namanya.")), AtMost(120)], name="siapa")
    reference_no: Any = TextLine(_l("Nomor rujukan"), [Optional(), AtMost(80)], name="nomor")
    reason: Any = SelectField(_l("Alasan, kalau ditolak"), [Optional()], name="alasan")
    text: Any = TextLine(_l("Catatan"), [Optional(), AtMost(300)], name="catatan")
    photo: Any = PictureField(_l("Bukti (foto layar atau PDF)"), name="bukti", paper=True)
    without_proof: Any = BooleanField(_l("Tanpa bukti"), name="tanpa-bukti")
    halal: Any = BooleanField(_l("Label halal terlihat di sana"), name="klaim-halal")
    licence: Any = BooleanField(_l("Izin edar terlihat di sana"), name="klaim-izin")

    def offer(self, statuses: list[tuple[str, str]], reasons: dict[str, Reason]) -> OutsideForm:
        """Fill the choices."""
        self.status.choices = statuses
        self.reason.choices = [("", _("Bukan penolakan")), *((each.code, each.sentence) for each in reasons.values())]
        if len(statuses) == 1 and not self.status.data:
            self.status.data = statuses[0][0]
        return self

    def sighting(self) -> Sighting:
        """Return what was typed; only of a form that holds."""
        return Sighting(
            status=self.status.data,
            seen_on=self.seen_on.data,
            seen_by=self.seen_by.data,
            reference_no=self.reference_no.data or "",
            reason_code=self.reason.data or "",
            note=self.text.data or "",
            without_proof=bool(self.without_proof.data),
            claims={"halal": bool(self.halal.data), "licence": bool(self.licence.data)},
        )


class CategoryCheckForm(Form):
    """What an officer saw about a category in the official system."""

    open_from: Any = DateField(_l("Dibuka dari"), [Optional()], name="dari")
    open_until: Any = DateField(_l("Ditutup sesudah"), [Optional()], name="sampai")
    source_url: Any = TextLine(_l("Dilihat di"), [Required(_l("Tulis di mana dilihat.")), AtMost(300)], name="sumber")
