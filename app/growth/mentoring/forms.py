"""What a facilitator writes down at a visit: few questions, most of them one tap."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from app.core.forms import AtMost, Form, Required, RupiahField, TextBlock, TextLine
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.growth.mentoring import rules, words
from app.growth.mentoring.agreed import Agreed
from app.kit.periods import bulan


def choices(words_of: dict[str, Any]) -> list[Any]:
    """Return choices in the order of the words."""
    return [SelectChoice(value=code, label=str(text)) for code, text in words_of.items()]


class VisitForm(Form):
    """A visit. `months` are added per form by `visit_form`."""

    kunci = HiddenField(validators=[Length(max=64)])
    terisi = HiddenField(validators=[Length(max=1)])
    tanggal: Any = DateField(_l("Tanggal kunjungan"), validators=[Required()], render_kw={"type": "date"})
    cara = RadioField(_l("Bertemu di mana?"), choices=[], validators=[InputRequired(_l("Pilih salah satu."))])
    ditemui = RadioField(_l("Siapa yang ditemui?"), choices=[], validators=[InputRequired(_l("Pilih salah satu."))])
    jalan = RadioField(_l("Usahanya berjalan?"), choices=[], validators=[InputRequired(_l("Pilih salah satu."))])
    berubah = TextBlock(_l("Apa yang berubah?"), validators=[AtMost(1500)])
    perlu: Any = SelectMultipleField(_l("Perlu dibantu apa?"), choices=[], option_widget=CheckboxInput())
    tahu = SelectField(_l("Tahu dari mana?"), choices=[])
    mandiri = RadioField(_l("Ingin mandiri, tanpa bantuan?"), choices=[], default="unknown", validators=[Optional()])
    foto = PictureField(_l("Foto usaha"))

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today
        self.cara.choices, self.ditemui.choices = choices(words.MODES), choices(words.MET)
        self.jalan.choices = [
            SelectChoice(value="ya", label=_("Berjalan")), SelectChoice(value="tidak", label=_("Berhenti")),
        ]  # fmt: skip
        self.perlu.choices, self.tahu.choices = choices(words.HELP), choices(words.SEEN)
        self.mandiri.choices = choices(words.WISHES)
        for number in range(1, rules.ACTIONS + 1):
            self[f"oleh-{number}"].choices = choices(words.WHOSE)
        for name in rules.QUESTIONS:
            self[f"tanya-{name}"].choices = choices(words.ANSWERS)

    def validate_tanggal(self, field: DateField) -> None:
        """It was, and not so long ago that nobody remembers."""
        if field.data and field.data > self.today:
            raise ValidationError(_("Tanggal ini belum terjadi."))
        if field.data and field.data < self.today - timedelta(days=rules.OLDEST_VISIT_DAYS):
            raise ValidationError(_("Kunjungan lebih dari setahun lalu tidak dicatat di sini."))

    def validate_berubah(self, field: TextBlock) -> None:
        """A business that stopped has a reason."""
        if self.jalan.data == "tidak" and not field.data:
            raise ValidationError(_("Usahanya berhenti: tulis kenapa."))

    def validate(self, extra_validators: Any = None) -> bool:
        """What is agreed on has a day that is still to come."""
        fits = super().validate(extra_validators)
        for number in range(1, rules.ACTIONS + 1):
            due = self[f"batas-{number}"]
            if not self[f"langkah-{number}"].data or due.errors:
                continue
            if not due.data or not self.today <= due.data <= self.today + timedelta(days=rules.OLDEST_VISIT_DAYS):
                due.errors = [_("Pilih hari antara hari ini dan setahun lagi.")]
                fits = False
        return fits

    def agreed(self) -> list[Agreed]:
        """Return what was agreed on, in the order of the form."""
        rows = [
            Agreed(*(self[f"{name}-{number}"].data for name in ("langkah", "oleh", "batas")))
            for number in range(1, rules.ACTIONS + 1)
        ]
        return [each for each in rows if each.what]

    def empty(self, months: list[date]) -> None:
        """Forget what was filled in from the book."""
        for month in months:
            field = self[field_of(month)]
            field.data, field.typed = None, ""
        self.terisi.data = ""

    def wish(self) -> bool | None:
        """Return whether the family wishes to stand alone; None where it was not asked."""
        return {"yes": True, "no": False}.get(self.mandiri.data or "")

    def answers(self) -> dict[str, tuple[str, str]]:
        """Return (value, how verified) of the questions that were asked."""
        asked = {name: self[f"tanya-{name}"].data for name in rules.QUESTIONS}
        return {name: (value, self.tahu.data) for name, value in asked.items() if value and value != "unknown"}

    def told(self, months: list[date]) -> dict[date, Any]:
        """Return what the family said of each month; None where nothing was written."""
        return {month: self[field_of(month)].data for month in months}


def field_of(month: date) -> str:
    """Return the field of a month.

    >>> field_of(date(2026, 9, 1))
    'bulan-2026-09'
    """
    return f"bulan-{month:%Y-%m}"


def visit_form(today: date, months: list[date], **data: Any) -> VisitForm:
    """Make the form of a visit, with a field for each month and each question."""
    fields: dict[str, Any] = {
        field_of(month): RupiahField(bulan(month), validators=[Optional()], render_kw={"inputmode": "numeric"})
        for month in months
    }
    for name in rules.QUESTIONS:
        label = words.QUESTIONS[name]
        fields[f"tanya-{name}"] = RadioField(label, choices=[], default="unknown", validators=[Optional()])
    for number in range(1, rules.ACTIONS + 1):
        what = TextLine(_("Yang disepakati (%(n)s)", n=number), validators=[Optional(), AtMost(200)])
        fields[f"langkah-{number}"] = what
        fields[f"oleh-{number}"] = SelectField(_l("Siapa yang mengerjakan?"), choices=[], default="family")
        fields[f"batas-{number}"] = DateField(_l("Paling lambat"), validators=[Optional()], render_kw={"type": "date"})
        data.setdefault(f"batas-{number}", today + timedelta(days=rules.ACTION_DAYS))
    made = type("FilledVisitForm", (VisitForm,), fields)
    form: VisitForm = made(today, data=data)
    return form
