"""What stands on a paper, as people copy it."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import Optional

from app.core.forms import AtMost, Form, Required, TextBlock, TextLine
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.goods.permits import queries, rules
from app.goods.permits.operations import Paper

NAMES = {
    "nib": _l("NIB"),
    "npwp": _l("NPWP"),
    "pirt": _l("P-IRT"),
    "halal": _l("Sertifikat halal"),
    "bpom": _l("Izin BPOM (MD/ML)"),
    "slhs": _l("SLHS"),
    "sni": _l("SNI"),
    "brand": _l("Merek terdaftar"),
    "tkdn": _l("Sertifikat TKDN"),
}
EXAMPLES = {
    "nib": _l("Nomor belum benar. NIB ada 13 angka."),
    "npwp": _l("Nomor belum benar. NPWP ada 15 atau 16 angka."),
    "pirt": _l("Nomor belum benar, misalnya 2033604010012-30."),
    "halal": _l("Nomor belum benar. Awalnya ID, lalu 17 angka."),
    "bpom": _l("Nomor belum benar. Awalnya MD atau ML, lalu 12 angka."),
}
STRANGE = {
    "packaging": _l("Angka pertama P-IRT biasanya 1 sampai 8."),
    "food_type": _l("Angka kedua dan ketiga P-IRT biasanya 01 sampai 15."),
    "region": _l("Nomor ini dari kabupaten lain. Tidak apa-apa kalau memang begitu."),
    "long": _l("Nomor BPOM biasanya 12 angka sesudah MD atau ML."),
    "province": _l("Kode provinsi di nomor halal tampak tidak biasa."),
    "issued": _l("Bulan terbit di nomor halal beda dengan tanggal suratnya."),
    "year": _l("Tahun berakhir di nomor P-IRT beda dengan tanggal yang ditulis."),
    "years": _l("P-IRT biasanya berlaku paling lama 5 tahun."),
    "kbli_unknown": _l("Kode KBLI ini belum ada di daftar kami. Periksa lagi angkanya di NIB."),
    "kbli_other": _l("Kode KBLI ini beda dari jenis usaha di lapak. Tidak apa-apa kalau NIB memuat beberapa usaha."),
    "ended": _l("Surat ini sudah lewat tanggalnya. Pembeli belum melihatnya."),
}
WHY = {
    "nib": _l("Tanda usaha Anda tercatat. Gratis, lewat OSS."),
    "pirt": _l("Untuk makanan kering dan kemasan yang tahan 7 hari atau lebih. Dari kabupaten, lewat OSS."),
    "halal": _l("Wajib untuk makanan dan minuman. Gratis lewat pernyataan sendiri."),
    "bpom": _l("Untuk makanan beku, susu, dan yang tidak boleh P-IRT."),
    "slhs": _l("Untuk dapur makanan siap saji dan katering. Dari Dinas Kesehatan."),
    "npwp": _l("Untuk urusan pajak dan e-Katalog. Nomornya tidak pernah tampil."),
}
BARRED = {
    "cold": _l("Makanan beku atau yang harus disimpan dingin tidak boleh P-IRT. Perlu izin BPOM MD."),
    "milk": _l("Susu dan olahannya tidak boleh P-IRT. Perlu izin BPOM MD."),
    "baby": _l("Makanan bayi tidak boleh P-IRT. Perlu izin BPOM MD."),
    "canned": _l("Makanan kaleng tidak boleh P-IRT. Perlu izin BPOM MD."),
    "sterile": _l("Makanan yang disterilkan atau dipasteurisasi tidak boleh P-IRT. Perlu izin BPOM MD."),
    "alcohol": _l("Minuman beralkohol tidak boleh P-IRT dan tidak dijual di sini."),
    "water": _l("Air minum kemasan tidak boleh P-IRT. Perlu izin BPOM MD."),
    "diet": _l("Makanan untuk diet khusus, ibu hamil, atau orang sakit tidak boleh P-IRT. Perlu izin BPOM MD."),
    "sni": _l("Barang ini wajib SNI, jadi tidak boleh P-IRT. Perlu SNI dan izin BPOM MD."),
    "short": _l("Tahan kurang dari 7 hari, jadi tidak perlu P-IRT. Cukup halal, dan SLHS untuk dapurnya."),
}
PKRT = _l("Sabun, pembersih, dan sejenisnya perlu izin edar PKRT dari Kemenkes, lewat OSS. Sapu dan alat lain tidak.")
REFUSED = {
    "buram": _l("Fotonya belum terbaca. Foto lagi di tempat terang, seluruh kertasnya."),
    "beda": _l("Nomor di foto beda dengan yang ditulis. Periksa lagi angkanya."),
    "tanggal": _l("Tanggal di foto beda dengan yang ditulis. Periksa lagi tanggalnya."),
    "orang-lain": _l("Surat ini atas nama orang lain. Pakai surat usaha Anda sendiri."),
    "bukan": _l("Ini bukan surat yang diminta. Pilih jenis surat yang cocok."),
}
REASONS = [SelectChoice(value=code, label=sentence) for code, sentence in REFUSED.items()]
MOST_NOTE = 300
EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)


def sentence_of(warning: str) -> str:
    """Say what looks strange."""
    return str(STRANGE[warning])


class PermitForm(Form):
    """One paper: its number, its days and its photo. `kinds` are those that the page asks for."""

    kind: Any = SelectField(_l("Surat apa"), name="surat")
    number: Any = TextLine(_l("Nomor"), [Required(_l("Tulis nomornya.")), AtMost(60)], name="nomor")
    kbli: Any = TextLine(_l("Kode KBLI di NIB"), [Optional(), AtMost(10)], name="kbli")
    kbli_version: Any = SelectField(_l("KBLI tahun"), name="kbli-tahun", default="2020")
    issued_on: Any = DateField(_l("Tanggal terbit"), [Optional()], name="terbit")
    expires_on: Any = DateField(_l("Berlaku sampai"), [Optional()], name="sampai")
    photo: Any = PictureField(_l("Foto surat"), name="foto", paper=True)

    warnings: tuple[str, ...] = ()
    renews = False
    business = ""

    def ask(self, kinds: tuple[str, ...], *, renews: bool = False) -> PermitForm:
        """Say which papers may be entered; one that takes the place of another (`renews`) needs its own photo."""
        self.renews = renews
        if renews:
            self.photo.validators = [Required(_("Foto surat yang baru, atau pilih PDF-nya."))]
        self.kind.choices = [(kind, str(NAMES[kind])) for kind in kinds]
        self.kbli_version.choices = [(version, version) for version in rules.KBLI_VERSIONS]
        if len(kinds) == 1 or not self.kind.data:
            self.kind.data = kinds[0]
        return self

    def read(self, region: str, day: date, business: str = "") -> Paper | None:
        """Return what was typed, None with a sentence beside each field that cannot be.

        Her region and her type of business are compared with; what is strange about them stands in `warnings`.
        """
        self.business = business
        if not self.validate():
            return None
        kind, holds = self.kind.data, True
        try:
            reading = rules.read(kind, self.number.data, region=region, issued_on=self.issued_on.data)
        except rules.Unreadable:
            self.note("number", EXAMPLES.get(kind, _l("Nomor belum benar.")))
            return None
        code = self._kbli(kind)
        holds = not self.kbli.errors and self._days(day)
        if not holds:
            return None
        days = (self.issued_on.data, self.expires_on.data)
        self.warnings = (*reading.warnings, *rules.doubts(kind, reading.number, *days, day))
        if code:
            self.warnings += queries.doubts_of_kbli(self.kbli_version.data, code, self.business)
        return Paper(
            kind=kind,
            number=reading.number,
            issued_on=self.issued_on.data,
            expires_on=self.expires_on.data,
            kbli_version=self.kbli_version.data if code else None,
            kbli_code=code,
        )

    def _kbli(self, kind: str) -> str | None:
        if kind != "nib":
            return None
        try:
            return rules.read("kbli", self.kbli.data or "").number
        except rules.Unreadable:
            self.note("kbli", _("Tulis 5 angka KBLI yang ada di NIB."))
            return None

    def _days(self, day: date) -> bool:
        issued, expires = self.issued_on.data, self.expires_on.data
        if issued is not None and not EARLIEST <= issued <= day:
            self.note("issued_on", _("Tanggal terbit tidak boleh sesudah hari ini."))
            return False
        if expires is not None and not (issued or EARLIEST) <= expires <= LATEST:
            self.note("expires_on", _("Tanggal berakhir harus sesudah tanggal terbit."))
            return False
        return True


class JudgeForm(Form):
    """What a curator says of a paper."""

    answer: Any = HiddenField(name="jawaban")
    seen: Any = HiddenField(name="tadi")
    reason: Any = RadioField(_l("Alasan"), [Optional()], choices=REASONS, name="alasan")
    sentence: Any = TextBlock(_l("Kalimat untuk penjual"), [Optional(), AtMost(MOST_NOTE)], name="kalimat")

    def note_for_her(self) -> str:
        """Return the sentence that she reads, empty when none was chosen or written."""
        return (self.sentence.data or "").strip() or str(REFUSED.get(self.reason.data or "", ""))
