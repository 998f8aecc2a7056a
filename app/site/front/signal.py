"""Without a signal: the page that stands in for one that does not come, and the script that lets a phone keep it."""

from __future__ import annotations

import hashlib
import json

from flask import Response, make_response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import assets
from app.core.cookies import NO_STORE
from app.core.policy import public
from app.site.front.door import bp

PAGE = "site/front/no_signal.html"
MADE_OF = ("css", "js", "pages/come-back.js", "favicon", "sprite", "plus-jakarta-sans-id.woff2")
# The phone asks once a day whether the page has changed, not at each step.
DAY = "private, max-age=86400"


@bp.get("/tanpa-sinyal")
@public
def no_signal() -> BaseResponse:
    """Give the phone what it shows when a page does not come; it knows language and looks, and nobody."""
    page = make_response(render_template(PAGE))
    page.headers["Cache-Control"] = NO_STORE
    page.headers["X-Robots-Tag"] = "noindex"
    return page


@bp.get("/luring.js")
@public
def no_signal_worker() -> Response:
    """Give the phone what opens that page; its name changes with whatever it keeps."""
    kept = [url_for("front.no_signal"), *map(assets.url, MADE_OF)]
    told = json.dumps([kept, render_template(PAGE), assets.text("pages/no-signal.js")])
    name = f"luring-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    head = f"const KEPT = {json.dumps(kept)};\nconst NAME = {json.dumps(name)};\n"
    answer = Response(head + assets.text("pages/no-signal.js"), mimetype="text/javascript")
    answer.headers["Cache-Control"] = DAY
    return answer
