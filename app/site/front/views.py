"""The front door: the pages that say what this is, and the addresses that machines ask for."""

from __future__ import annotations

import mimetypes
from datetime import timedelta

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Response, current_app, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.core import cookies, i18n, pages
from app.core.addresses import origin, safe_next
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.policy import public
from app.core.storage import public_store
from app.core.vault import settings
from app.site.front import context, queries
from app.site.front.door import bp
from app.site.front.gallery import samples

YEAR = "public, max-age=31536000, immutable"
YEAR_SECONDS = 31_536_000
TEXT = "text/plain; charset=utf-8"


@bp.get("/")
@public
@pages.kept()
def home() -> ResponseReturnValue:
    """Show the market at a glance: what it is, what there is, who makes it."""
    address = f"{origin()}/"
    page = queries.home_page()
    return render_template("site/front/home.html", page=page, address=address, canonical=i18n.as_spoken(address))


@bp.get("/tentang")
@public
def about() -> ResponseReturnValue:
    """Say what the market is and who keeps it."""
    return render_template("site/front/about.html")


@bp.get("/urutan-produk")
@public
def order() -> ResponseReturnValue:
    """Say how goods are put in order, so that anybody can check it."""
    return render_template("site/front/order.html")


@bp.get("/privasi")
@public
def privacy() -> ResponseReturnValue:
    """Say what is stored about whom, how long, and whom to ask."""
    return render_template("site/front/privacy.html")


@bp.get("/syarat")
@public
def terms() -> ResponseReturnValue:
    """Say what buyer, seller and office may expect of each other."""
    return render_template("site/front/terms.html")


@bp.get("/bantuan")
@public
def help_page() -> ResponseReturnValue:
    """Answer what people ask, and name who helps."""
    return render_template("site/front/help.html")


@bp.post("/tema")
@public
def theme() -> ResponseReturnValue:
    """Remember light or dark on this phone."""
    wanted = request.form.get("tema") or request.form.get("nilai") or ""
    response = redirect(safe_next(request.form.get("kembali", "")) or "/", 303)
    if wanted in context.THEMES:
        cookies.remember(response, context.COOKIE, wanted, YEAR_SECONDS)
    else:
        cookies.forget(response, context.COOKIE)
    return response


@bp.get("/media/<path:name>")
@public
def media(name: str) -> ResponseReturnValue:
    """Hand out a public picture; its name never means another picture."""
    kind = mimetypes.guess_type(name)[0] or ""
    if not kind.startswith("image/"):
        raise NotFound(name)
    try:
        body = public_store().read(name)
    except (OSError, ValueError, LookupError):
        raise NotFound(name) from None
    return Response(body, mimetype=kind, headers={"Cache-Control": YEAR})


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Answer that the process lives."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Answer whether the database is there and as new as the code."""
    try:
        with db.engine.connect() as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        return jsonify(database=False, migrations=False), 503, {"Cache-Control": "no-store"}
    folder = current_app.extensions["migrate"].directory
    current = found == set(ScriptDirectory(str(folder)).get_heads())
    return jsonify(database=True, migrations=current), 200 if current else 503, {"Cache-Control": "no-store"}


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Keep machines out of carts, orders and desks."""
    closed = ("/keranjang", "/pesan", "/pesanan", "/masuk", "/saya", "/jualan", "/dampingan", "/dinsos")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {origin()}/sitemap.xml"]
    return Response("\n".join(lines) + "\n", content_type=TEXT)


@bp.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """Say whom to tell about a hole."""
    until = (now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: mailto:{context.site().email}", f"Expires: {until}", "Preferred-Languages: id, en"]
    return Response("\n".join(lines) + "\n", content_type=TEXT)


@bp.get("/_komponen")
@public
def gallery() -> ResponseReturnValue:
    """Show every component in every state, in development only."""
    if settings().production:
        raise NotFound
    flash(_("Tersimpan."), "success")
    return render_template("site/front/gallery.html", **samples())


@bp.after_app_request
def remember_language(response: Response) -> Response:
    """Keep the language somebody chose by link."""
    if i18n.COOKIE in request.args and (wanted := request.args[i18n.COOKIE]) in i18n.LANGUAGES:
        cookies.remember(response, i18n.COOKIE, wanted, YEAR_SECONDS)
    return response
