"""What people write about their own data, and what the office answers."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired

from app.core.forms import AtLeast, AtMost, Form, Required, TextBlock, TextLine
from app.core.i18n import _l
from app.office.requests import words
from app.office.requests.queries import Found
from app.office.requests.rules import CORRECTORS, REASON_LEAST
from app.people.accounts.words import role

BY_WORD = {"salinan": "copy", "perbaiki": "correct", "hapus": "erase"}


class OwnForm(Form):
    """Her own request; what is to be set right is said in her words."""

    kata = TextBlock(_l("Apa yang perlu dibetulkan?"), validators=[AtMost(500)], render_kw={"rows": 4})
    keluarga = BooleanField(_l("Juga nama, NIK, dan alamat keluarga saya"))
    yakin = BooleanField(_l("Saya mengerti, ini tidak bisa dikembalikan"))

    def __init__(self, kind: str) -> None:
        """Ask for what this kind needs."""
        super().__init__()
        if kind == "correct":
            self.kata.validators = [Required(), *self.kata.validators]
        if kind == "erase":
            self.kata.label.text = _l("Ada yang ingin disampaikan?")
            self.yakin.validators = [InputRequired(_l("Centang dulu kalau sudah yakin."))]


class PaperForm(Form):
    """A request that came on paper or was said at the counter."""

    orang = TextLine(
        _l("Nomor HP, nama lapak, atau nomor keluarga"),
        validators=[Required(), AtMost(80)],
        render_kw={"autocomplete": "off"},
    )
    siapa = RadioField(_l("Siapa?"), validate_choice=True)
    jenis = SelectField(_l("Permintaan"), validators=[Required(_l("Pilih satu."))])
    kata = TextBlock(_l("Yang diminta"), validators=[AtMost(500)], render_kw={"rows": 3})
    surat = BooleanField(_l("Suratnya sudah dilihat, atau orangnya datang sendiri"))

    def offer(self, found: list[Found]) -> None:
        """Take the people that were found, and the kinds."""
        self.siapa.choices = [SelectChoice(value=each.value, label=each.label) for each in found]
        kinds = [SelectChoice(value=code, label=words.kind(code)) for code in BY_WORD.values()]
        self.jenis.choices = kinds


class SentenceForm(Form):
    """An answer that the person reads."""

    kalimat = TextBlock(_l("Jawaban"), validators=[Required(), AtLeast(5), AtMost(500)], render_kw={"rows": 3})


class ReasonForm(Form):
    """Why a person should be erased."""

    alasan = TextBlock(_l("Alasan"), validators=[Required(), AtLeast(REASON_LEAST), AtMost(500)], render_kw={"rows": 3})


class HandForm(Form):
    """To whom a correction goes."""

    kepada = SelectField(_l("Teruskan kepada"), choices=[])

    def __init__(self) -> None:
        """Name the roles."""
        super().__init__()
        self.kepada.choices = [SelectChoice(value=each, label=role(each)) for each in CORRECTORS]


class ErasingForm(Form):
    """The second signature under an erasure."""

    yakin = BooleanField(
        _l("Sudah dibaca, dan boleh dihapus selamanya"), validators=[InputRequired(_l("Centang dulu."))]
    )
