"""Refusals: exceptions that carry a status and a sentence a seller understands."""

from __future__ import annotations

from flask_babel import LazyString

from app.core.i18n import _l


class DomainError(Exception):
    """The world says no. Subclasses name the refusal and word it.

    `facts` fill the placeholders of `text`; `subject` is what was refused, for logs only.
    """

    status: int = 409
    text: LazyString = _l("Ini tidak bisa dijalankan.")

    def __init__(self, subject: object = None, **facts: object) -> None:
        super().__init__(type(self).__name__)
        self.subject = subject
        self.facts = facts

    def __str__(self) -> str:
        """Return the sentence in the reader's language."""
        sentence = str(self.text)
        return sentence % self.facts if self.facts else sentence


class NotFound(DomainError):
    """There is no such thing, or not for this person: the same answer for both."""

    status = 404
    text = _l("Halaman ini tidak ada.")


class Forbidden(DomainError):
    """This page is for other people's work."""

    status = 403
    text = _l("Halaman ini untuk petugas.")


class SignInNeeded(DomainError):
    """Nobody is signed in."""

    status = 401
    text = _l("Masuk dulu untuk membuka halaman ini.")


class StaleVersion(DomainError):
    """Somebody saved a newer version while this form was open."""

    status = 409
    text = _l("Data ini sudah diubah dari tempat lain. Periksa lagi sebelum menyimpan.")


class TooMany(DomainError):
    """A limit was reached; `minutes` says how long to wait."""

    status = 429
    text = _l("Terlalu banyak percobaan. Coba lagi %(minutes)s menit lagi.")


class Unreadable(DomainError):
    """The request is not one that our pages send."""

    status = 400
    text = _l("Isian ini tidak bisa dibaca. Buka lagi halamannya, lalu ulangi.")
