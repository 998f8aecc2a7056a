"""Notes written without a signal: the page that opens then, what it must know before, and the way into the book.

A phone keeps them itself, under a token of the account that wrote them. It asks whose turn it is before it sends, and
names that account with what it sends, so that a phone in other hands brings nothing into another book.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.core import assets, limits
from app.core.clock import here, today
from app.core.cookies import NO_STORE
from app.core.db import transaction
from app.core.errors import DomainError, Unreadable
from app.core.forms import posted
from app.core.i18n import _, _l
from app.core.policy import allow, current_actor, public
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.people.accounts.sessions import idle_seconds
from app.people.places.queries import settings_of
from app.trade.notebook import operations, queries, rules
from app.trade.notebook.door import bp, owner_token, say_short, say_written
from app.trade.notebook.forms import KEY, NoteForm
from app.trade.notebook.queries import Ware
from app.trade.notebook.rules import Note
from app.trade.sales import queries as book

ICON_SIZES = (192, 512)
MOST_SIGNS = 100_000
LIMIT = "sync"
SHELL_PAGE = "trade/notebook/without_signal.html"
SHELL_ASSETS = ("css", "js", "pages/notebook.js", "favicon", "sprite", "plus-jakarta-sans-id.woff2")
FIELDS = ("kunci", "barang", "nama-barang", "jumlah", "uang", "hari", "stok")


class OtherOwner(DomainError):
    """What the phone holds was written by another account."""

    status = 403
    text = _l("Catatan ini milik akun lain. Masuk dengan akun yang menulisnya.")


class TooManyAtOnce(DomainError):
    """More notes than one request may bring."""

    status = 422
    text = _l("Paling banyak 50 catatan sekali kirim.")


@bp.get("/jualan/catat/tanpa-sinyal")
@public
def without_signal() -> BaseResponse:
    """Give the phone the page that it opens when there is no signal; it holds nothing of anybody."""
    form = NoteForm()
    form.offer([])
    page = make_response(render_template(SHELL_PAGE, form=form, sides={}))
    # The worker keeps it where it keeps everything; nobody else need.
    page.headers["Cache-Control"] = NO_STORE
    page.headers["X-Robots-Tag"] = "noindex"
    return page


@bp.get("/sw.js")
@public
def worker() -> Response:
    """Give the phone what opens that page; its name changes with whatever it keeps."""
    kept = [url_for("notebook.without_signal"), *map(assets.url, SHELL_ASSETS)]
    loader = current_app.jinja_env.loader
    assert loader is not None
    source = loader.get_source(current_app.jinja_env, SHELL_PAGE)[0]
    name = f"catat-{hashlib.sha256(json.dumps([kept, source]).encode()).hexdigest()[:12]}"
    head = f"const KEPT = {json.dumps(kept)};\nconst SHELL = KEPT[0];\nconst NAME = {json.dumps(name)};\n"
    answer = Response(head + assets.text("pages/worker.js"), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Tell the phone how the notebook stands among its apps."""
    icons = [
        {
            "src": assets.url(f"app-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in ICON_SIZES
    ]
    facts = {
        "id": url_for("notebook.write"),
        "name": _("Catat jualan"),
        "short_name": _("Catat jualan"),
        "start_url": url_for("notebook.write"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#073f3b",
        "icons": icons,
    }
    return Response(json.dumps(facts, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/jualan/catat/antrean")
@allow(owns, get_own_shop)
def outlook(shop: Shop) -> Response:
    """Tell the phone whose notes may be sent now, and what she sells."""
    zone = settings_of(shop.regency_code).zone
    return _private(
        akun=owner_token(),
        csrf=generate_csrf(),
        diam=idle_seconds(),
        hari=today(zone).isoformat(),
        barang=[
            {
                "id": each.variant_id,
                "nama": each.name,
                "sisi": f"{each.price} / {each.unit}",
                "harga": each.price.amount,
                "hitung": each.counted,
            }
            for each in queries.list_wares(shop.id)
        ],
    )


@bp.post("/jualan/catat/antrean")
@allow(owns, get_own_shop)
def send(shop: Shop) -> Response:
    """Take in what was written without a signal, at most 50 notes; says of each whether it stands in the book.

    Raises:
        TooMany: this phone does not stop asking.
        OtherOwner: somebody else wrote them.
        TooManyAtOnce, Unreadable: about all of them.
    """
    with transaction():
        limits.spend(LIMIT, current_actor().id)
    if posted("akun") != owner_token():
        raise OtherOwner
    rows = _rows(request.form.get("catatan", ""))
    wares = queries.list_wares(shop.id)
    wares += queries.list_former_wares(shop.id, {each.get("barang", "") for each in rows}, wares)
    told: dict[str, str] = {}
    notes: list[tuple[str, Note]] = []
    for row in rows:
        form = _form(row, wares)
        if form.validate():
            notes.append((row["kunci"], form.note_of()))
        else:
            told[row["kunci"]] = _why(form)
    with transaction():
        refused, short = operations.write_many(shop, [note for _key, note in notes], by=current_actor())
    told |= {key: str(refused[note.key]) for key, note in notes if note.key in refused}
    stored = {key: note for key, note in notes if key not in told}
    if posted("baru") in stored:
        say_written(book.find_by_keys([stored[posted("baru")].key]).popitem()[1])
    say_short(each.name for each in wares if each.variant_id in short)
    moment = here(settings_of(shop.regency_code).zone)
    return _private(masuk=sorted(stored), tolak=told, jam=f"{moment:%H.%M}", hari=moment.date().isoformat())


def _rows(text: str) -> list[dict[str, str]]:
    """Read the notes as the phone sent them, each key once."""
    if len(text) > MOST_SIGNS:
        raise TooManyAtOnce
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable
    if len(found) > rules.MOST_AT_ONCE:
        raise TooManyAtOnce
    rows = [{name: str(each[name]).replace("\x00", "") for name in FIELDS if name in each} for each in found]
    if not all(KEY.fullmatch(each.get("kunci", "")) for each in rows):
        raise Unreadable
    return rows


def _form(row: dict[str, str], wares: list[Ware]) -> NoteForm:
    form = NoteForm(formdata=MultiDict(row))
    form.offer(wares)
    return form


def _why(form: NoteForm) -> str:
    """Return what stands against a note, as beside the fields of the form."""
    return " ".join(f"{form[name].label.text}: {error}" for name, errors in form.errors.items() for error in errors)


def _private(**facts: Any) -> Response:
    answer = jsonify(facts)
    answer.headers["Cache-Control"] = NO_STORE
    return answer
