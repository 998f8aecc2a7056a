"""From refusal to page: one place turns an exception into a calm answer with a way on."""

from __future__ import annotations

from urllib.parse import quote

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.core import guard
from app.core.db import release
from app.core.errors import DomainError, SignInNeeded
from app.core.i18n import _
from app.kit import nik

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5
PERSONS = frozenset(("nik", "kk"))


def page(status: int, title: str, sentence: str, *, resend: bool = False, left: bool = False) -> Response:
    """Render the calm page. With `resend`, what was typed stands on it, ready to be sent again, and is kept nowhere.

    Where it was `left` by somebody who is not signed in now, others may use the same phone: numbers of persons are
    left out, and what goes again goes under the token it came with, which tells whose it is.
    """
    typed = _typed(left=left) if resend else []
    facts = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "resend": resend,
        "left": left,
        "fields": [(name, value) for name, value in typed if not _secret(name)],
    }
    response = make_response(render_template("errors/error.html", **facts), status)
    if resend:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _typed(*, left: bool) -> list[tuple[str, str]]:
    """Return what was typed; on a page that somebody left, a number of a person hides in any field."""
    typed = list(request.form.items(multi=True))
    if not left:
        return [(name, value) for name, value in typed if name != guard.TOKEN]
    hidden = [(name, value, value if name == guard.TOKEN else nik.hide_in(value)) for name, value in typed]
    return [(name, safe) for name, value, safe in hidden if name not in PERSONS and (safe or not value)]


def _secret(name: str) -> bool:
    return any(word in name for word in ("sandi", "pin", "kode"))


def _refused(error: DomainError) -> BaseResponse:
    if isinstance(error, SignInNeeded):
        return _to_sign_in()
    title, sentence = _title(error.status), str(error)
    if sentence.rstrip(".") == title:  # a page that says the same twice helps nobody on
        sentence = _sentence(error.status)
    response = page(error.status, title, sentence)
    if error.status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _to_sign_in() -> BaseResponse:
    if request.method != "POST":
        target = request.full_path.rstrip("?")
        return redirect(f"/masuk?next={quote(target, safe='/')}", 303)
    sentence = _(
        "Waktu masuk sudah habis. Isian masih ada di sini, selain foto, PIN, kode dan NIK: masuk dulu di halaman"
        " baru, lalu kirim lagi."
    )
    return page(401, _("Masuk lagi, ya"), sentence, resend=True, left=True)


def _title(status: int) -> str:
    return {
        400: _("Isian tidak terbaca"),
        403: _("Bukan untuk akun ini"),
        404: _("Halaman ini tidak ada"),
        405: _("Cara ini tidak dikenal"),
        409: _("Belum bisa"),
        410: _("Sudah tidak berlaku"),
        413: _("Kiriman terlalu besar"),
        415: _("Kiriman tidak dikenal"),
        429: _("Tunggu sebentar"),
    }.get(status, _("Belum bisa"))


def _sentence(status: int) -> str:
    return {
        400: _("Isian ini tidak bisa dibaca. Buka lagi halamannya, lalu ulangi."),
        404: _("Mungkin alamatnya salah ketik, atau barangnya sudah tidak ada."),
        405: _("Buka halaman ini dari tombol atau tautannya."),
        413: _("Foto paling besar 20 MB. Pilih foto lain, isian yang lain masih ada di halaman sebelumnya."),
    }.get(status, _("Coba lagi dari halaman depan."))


def _stale_token(error: CSRFError) -> Response:
    if guard.of_another():
        sentence = _(
            "Halaman tadi dibuka oleh akun lain, jadi belum dikirim. Isian masih ada di sini, selain foto, PIN, kode"
            " dan NIK: masuk dengan akun itu di halaman baru, lalu kirim lagi."
        )
        return page(403, _("Isian ini milik akun lain"), sentence, resend=True, left=True)
    return page(
        400, _("Halaman ini sudah lama terbuka"), _("Isian masih ada. Tekan tombol untuk mengirim lagi."), resend=True
    )


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    return page(status, _title(status), _sentence(status))


def _no_database(error: Exception) -> Response:
    log.error("database_away", error=type(error).__name__)
    _let_go()
    response = page(503, _("Sebentar, ya"), _("Tempat kami sedang penuh. Coba lagi sebentar lagi, isian masih ada."))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _broken(error: Exception) -> Response:
    log.error("request_failed", request_id=g.get("request_id", ""), exc_info=error)
    _let_go()
    return page(500, _("Maaf, ada yang rusak di tempat kami"), _("Isian masih ada. Tekan Kembali, lalu coba lagi."))


def _let_go() -> None:
    """Leave the broken transaction behind; the page that follows must not touch the database."""
    release()
    g.without_database = True


def init(app: Flask) -> None:
    """Answer every refusal with a page."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(InterfaceError, _no_database)
    app.register_error_handler(Exception, _broken)
