"""How a seller wants her labels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import Optional, ValidationError

from app.core.clock import today
from app.core.forms import Form, QuantityField, Required, between
from app.core.i18n import _, _l
from app.goods.prints import rules, words
from app.goods.products.queries import Held
from app.kit.periods import WIB

OLDEST_DAYS, FURTHEST_DAYS = 3660, 366


class LabelForm(Form):
    """Size, number and what else stands on it; it comes as a question in the address, so that it can be kept."""

    ukuran: Any = RadioField(_l("Ukuran label"), default="sedang")
    jumlah: Any = QuantityField(
        _l("Berapa lembar label"), [Required(_l("Tulis berapa, misalnya 10")), between(1, rules.MOST_COPIES)]
    )
    pilihan: Any = SelectField(_l("Pilihan"))
    dibuat: Any = DateField(_l("Tanggal dibuat"), validators=[Optional()], render_kw={"type": "date"})
    harga: Any = BooleanField(_l("Tulis harganya"))

    def offer(self, held: list[Held]) -> None:
        """Fill what can be chosen: the sizes, and which choice of the product."""
        self.ukuran.choices = [SelectChoice(value=key, label=words.SIZES[key]) for key in rules.SIZES]
        self.pilihan.choices = [
            SelectChoice(value=str(each.variant.id), label=each.variant.label or str(each.variant.price))
            for each in held
        ]

    def validate_dibuat(self, field: DateField) -> None:
        """A day that somebody may have made something on, or soon will."""
        day = today(WIB.name)
        if field.data and not day - timedelta(days=OLDEST_DAYS) <= field.data <= day + timedelta(days=FURTHEST_DAYS):
            raise ValidationError(_("Tanggalnya terlalu jauh. Periksa lagi tahunnya."))
