"""What a buyer says is wrong, what the seller answers, and how whoever helps decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import request
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import ValidationError

from app.core.forms import AtLeast, AtMost, Form, Required, TextBlock, Versioned, posted
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.kit import digits
from app.trade.orders.models import OrderLine
from app.trade.returns import rules, words

LEAST_WORDS: Final = 5
COUNT_DIGITS: Final = 6
CHOICES: Final = {"ganti": "replace", "uang": "refund", "tidak": "none"}
GOODS: Final = {"stok": "stock", "rusak": "spoiled", "tidak": "kept"}


def _choices(said: Mapping[str, Any]) -> list[Any]:
    return [SelectChoice(value=value, label=str(label)) for value, label in said.items()]


def _goods() -> list[Any]:
    return _choices({name: words.GOODS[code] for name, code in GOODS.items()})


class ComplaintForm(Form):
    """What is wrong with how much of what was handed over, and a photo if there is one."""

    sebab = RadioField(_l("Ada masalah apa?"), validators=[Required(_l("Pilih satu."))])
    kalimat = TextBlock(
        _l("Ceritakan singkat"),
        validators=[Required(_l("Ceritakan dengan satu kalimat.")), AtLeast(LEAST_WORDS), AtMost(rules.MOST_WORDS)],
    )
    foto = PictureField(_l("Foto barangnya"), whose=lambda: ("proof", (request.view_args or {}).get("code", "")))

    def ask(self, lines: Sequence[OrderLine], left: Mapping[int, int], *, food: bool) -> None:
        """Fill the list of reasons, and know the lines that may be named."""
        self.lines, self.left = [line for line in lines if left[line.id] > 0], left
        self.sebab.choices = _choices({kind: words.KINDS[kind] for kind in rules.kinds(food=food)})

    def typed(self, line: OrderLine) -> str:
        """Return what stands beside a line: what was typed, all of a line that is alone, else nothing of it."""
        whole = str(self.left[line.id]) if len(self.lines) == 1 else "0"
        return posted(_beside(line))[:COUNT_DIGITS] if _beside(line) in request.form else whole

    def wanted(self) -> dict[int, int]:
        """Return the units of each line; what cannot be read is more than anybody has."""
        read = {line.id: digits.whole(self.typed(line) or "0", COUNT_DIGITS) for line in self.lines}
        return {number: self.left[number] + 1 if qty is None else qty for number, qty in read.items()}


def _beside(line: OrderLine) -> str:
    return f"jumlah-{line.id}"


class AnswerForm(Versioned):
    """What the seller offers, or why not."""

    jawaban = RadioField(
        _l("Jawaban"), choices=lambda: _choices(words.ANSWERS), validators=[Required(_l("Pilih satu."))]
    )
    kalimat = TextBlock(_l("Kalimat untuk pembeli"), validators=[AtMost(rules.MOST_WORDS)])

    def validate_kalimat(self, field: TextBlock) -> None:
        """Ask for words where she says no."""
        if self.jawaban.data == "tidak" and not field.data:
            raise ValidationError(_("Tulis alasannya. Pembeli membacanya."))


class SettleForm(Versioned):
    """What became of the goods."""

    barang = RadioField(_l("Barang dari pembeli"), choices=_goods, validators=[Required(_l("Pilih satu."))])


class CloseForm(Versioned):
    """How whoever helps decides, with the sentence that both read."""

    putusan = RadioField(
        _l("Putusan"), choices=lambda: _choices(words.DECIDED), validators=[Required(_l("Pilih satu."))]
    )
    barang = RadioField(_l("Barang dari pembeli"), choices=_goods, default="tidak", validators=[Required()])
    kalimat = TextBlock(
        _l("Kalimat untuk pembeli dan penjual"),
        validators=[Required(_l("Tulis alasannya. Pembeli dan penjual membacanya.")), AtMost(rules.MOST_WORDS)],
    )


class NudgeForm(Versioned):
    """A button that says which complaint it saw."""

    s = HiddenField()
