"""What is typed about a sale at home."""

from __future__ import annotations

import re
import secrets
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField
from wtforms.validators import ValidationError

from app.core.forms import AtMost, Form, QuantityField, Required, RupiahField, TextLine, between
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.kit.rupiah import Rupiah
from app.kit.text import has_letters
from app.trade.notebook import rules
from app.trade.notebook.queries import Ware
from app.trade.notebook.rules import Note

OTHER = "lain"
KEY = re.compile(r"[A-Za-z0-9_-]{16,44}")


class NoteForm(Form):
    """One sale: what, how many, how much, when. The money may stay empty when it is price times number."""

    product: Any = RadioField(_l("Apa yang laku?"), name="barang")
    free_text: Any = TextLine(_l("Nama barang"), [AtMost(120)], name="nama-barang")
    quantity: Any = QuantityField(
        _l("Jumlah"), [Required(_l("Tulis berapa yang laku.")), between(1, rules.MOST_QTY)], name="jumlah"
    )
    amount: Any = RupiahField(_l("Uang yang diterima"), name="uang")
    day: Any = DateField(_l("Hari"), [Required(_l("Pilih harinya."))], name="hari")
    from_stock: Any = BooleanField(_l("Kurangi stok"), name="stok", default=True)
    photo: Any = PictureField(_l("Foto nota"), name="foto", paper=True)
    reason: Any = TextLine(_l("Alasan terlambat"), [AtMost(120)], name="alasan")
    key: Any = HiddenField(name="kunci")

    wares: dict[str, Ware]

    def offer(self, wares: list[Ware]) -> None:
        """Fill the buttons: her goods, and something else."""
        self.wares = {str(each.variant_id): each for each in wares}
        self.product.choices = [*((key, each.name) for key, each in self.wares.items()), (OTHER, _("Barang lain"))]
        if not self.wares and not self.is_submitted():
            self.product.data = OTHER

    def begin(self, day: date) -> None:
        """Make this form one that was never sent, for a day."""
        self.day.data = self.day.data or day
        self.quantity.data = self.quantity.data or 1
        self.key.data = secrets.token_urlsafe(16)

    def validate_free_text(self, field: Any) -> None:
        """Ask for words when it is none of her goods."""
        if self.product.data == OTHER and not (field.data and has_letters(field.data)):
            raise ValidationError(_("Tulis nama barangnya, misalnya Rengginang."))

    def validate_amount(self, field: Any) -> None:
        """Ask for the money when no price tells it, and refuse what nobody earns at once."""
        money = self.money()
        if field.errors or self.quantity.data is None:
            return
        if money is None:
            raise ValidationError(_("Tulis uangnya, misalnya 25rb."))
        if not rules.LEAST_AMOUNT <= money <= rules.MOST_AMOUNT:
            raise ValidationError(
                _("Isi antara %(least)s dan %(most)s.", least=rules.LEAST_AMOUNT, most=rules.MOST_AMOUNT)
            )

    def money(self) -> Rupiah | None:
        """Return what was received: as typed, else the price times the number."""
        typed: Rupiah | None = self.amount.data
        ware = self.wares.get(self.product.data or "")
        if typed is not None or ware is None or self.quantity.data is None:
            return typed
        return ware.price * int(self.quantity.data)

    def note_of(self) -> Note:
        """Return what was typed; only of a form that holds."""
        ware = self.wares.get(self.product.data)
        typed = self.key.data or ""
        return Note(
            key=f"{rules.SOURCE}:{typed if KEY.fullmatch(typed) else secrets.token_urlsafe(16)}",
            qty=self.quantity.data,
            amount=self.money() or rules.LEAST_AMOUNT,
            sold_on=self.day.data,
            variant_id=ware.variant_id if ware else None,
            free_text="" if ware else self.free_text.data,
            from_stock=bool(self.from_stock.data and ware and ware.counted),
            has_photo=self.photo.master is not None,
            reason=self.reason.data or "",
            at_price=self.amount.data is None,
        )
