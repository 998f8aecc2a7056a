"""Pages that are the same for every stranger: kept whole in this process; a repeat visit is told that nothing is new.

A page is kept under its address, language, looks and the stamp of what strangers see (`core/stamps.py`), so a change
shows at the very next request, whichever process made it. What changes by the clock alone counts too: the days in the
country's zones are part of the stamp, and a page that changes at a moment says so with `holds_until`.
What moves all day is no reason to make a page anew: the words that tell of it are changed where they stand (`moves`).

Whoever carries any other cookie than those of language and looks (a session, a cart) meets none of this.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar, cast

from flask import Flask, Response, current_app, g, has_request_context, make_response, request, session
from sqlalchemy import Connection

from app.core import cookies, guard, i18n, stamps
from app.core.clock import now
from app.core.db import db
from app.core.vault import settings

View = TypeVar("View", bound=Callable[..., Any])
Facts = tuple[Any, ...]

MOST_BYTES: Final = 6 * 1024 * 1024
LARGEST: Final = 256 * 1024
LOOKS: Final = (i18n.COOKIE, "tema")
VARY: Final = ("Cookie", "Save-Data", "Accept-Encoding")
_VARIES: Final = ", ".join(VARY)
ANYBODY: Final = "public, max-age=0, must-revalidate"
ONE_READER: Final = "private, no-cache"
ZONES: Final = tuple(timedelta(hours=hours) for hours in (7, 8, 9))
FOR_EVER: Final = 1 << 40
# A second in which something may still change is no second to name.
SETTLED: Final = 2
_TAG: Final = re.compile(r'"([0-9a-f]{1,12})\.([0-9a-f]{24})"')
_MOST_TAGS: Final = 8
# What a page takes of which only the tag is known.
_BARE: Final = 2048
_UNTIL, _MOVING = "page_until", "page_moving"
# Where the words stand that move, in pages that are being made: the number of each behind a word that nobody can type.
_BEFORE: Final = f"lapak-{secrets.token_hex(16)}-"
_GAP: Final = re.compile(rf"{_BEFORE}(\d)".encode())
# Where an answer names the page it shows, for the doorway.
SHOWN: Final = "lapak.page"


class Moving(NamedTuple):
    """What a page shows of something that moves all day: what gives it another shape, and the words that only stand."""

    shape: str = ""
    words: tuple[str, ...] = ()

    @property
    def frame(self) -> tuple[str, int]:
        """Return what a page is made anew for: another shape, or words where there were none."""
        return self.shape, len(self.words)


Also = Callable[..., Moving]
STILL: Final = Moving()


@dataclass(slots=True)
class Page:
    """A page as it is kept: true while `facts` are, and before the second `until`. `moved` is 0 when no clock tells.

    It is kept as readers took it, `plain` or `squeezed`; where only readers have it, who were given it by another
    process, both are empty. `also` asks a connection for what moves; `words` are those that stand in it, at `places`
    (which of them, the byte where it begins); `ready` holds what the doorway hands over.
    """

    facts: Facts
    until: int
    tag: str
    moved: int
    kind: str
    plain: bytes
    squeezed: bytes = b""
    also: Callable[[Connection], Moving] | None = None
    words: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    ready: dict[Facts, Any] = field(default_factory=dict)

    @property
    def since(self) -> int:
        """Return the second in which it changed, 0 while that may still bring more."""
        return self.moved if int(now().timestamp()) >= self.moved + SETTLED else 0

    @property
    def size(self) -> int:
        """Return how many bytes it holds."""
        return len(self.plain) + len(self.squeezed) or _BARE


class Shelf:
    """The kept pages of one process, those that nobody asked for longest leaving first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        """Begin empty."""
        self._pages: OrderedDict[Facts, Page] = OrderedDict()
        self._lock, self._most, self.size = Lock(), most, 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._pages)

    def find(self, key: Facts) -> Page | None:
        """Return a page, true or not."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Facts, page: Page) -> None:
        """Keep a page in the place of the one before."""
        with self._lock:
            before = self._pages.pop(key, None)
            self.size += page.size - (before.size if before else 0)
            self._pages[key] = page
            while self.size > self._most:
                _key, oldest = self._pages.popitem(last=False)
                self.size -= oldest.size


def kept(also: Also | None = None) -> Callable[[View], View]:
    """Keep what a view of strangers shows; stands below `@public`.

    `also` is asked with a connection and the view's arguments at every request: what the page shows beyond the stamp.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**url: Any) -> Response:
            if not alike():
                return headed(make_response(view(**url)))
            return _answer(partial(view, **url), partial(also, **url) if also else None)

        return cast("View", answer)

    return decorate


def alike() -> bool:
    """Tell whether this request is answered alike for everybody who asks it, and may be kept."""
    if not settings().cache or session:
        return False
    if request.cookies and not set(request.cookies) <= {cookies.named(name) for name in LOOKS}:
        return False
    return not request.query_string or i18n.COOKIE not in request.args


def for_nobody() -> bool:
    """Tell whether this page is made for nobody in particular, so that anyone may keep it."""
    return not request.cookies and not session and i18n.COOKIE not in request.args


def headed(response: Response) -> Response:
    """Say who may keep a page of strangers; everybody asks again before showing it."""
    response.headers["Cache-Control"] = ANYBODY if for_nobody() else ONE_READER
    if "Vary" in response.headers:
        response.vary.update(VARY)
    else:
        response.headers["Vary"] = _VARIES
    return response


def holds_until(moment: datetime) -> None:
    """Say that something on this page changes at a moment, though no row does."""
    if has_request_context():
        g.page_until = min(g.get(_UNTIL, FOR_EVER), int(moment.timestamp()))


def fleeting() -> None:
    """Say that this page rests on something older than the stamp, and is kept by nobody."""
    if has_request_context():
        g.page_until = 0


def moves(moving: Moving) -> tuple[str, ...]:
    """Return the words that tell of what moves; on a page that is kept they are gaps, filled whenever it is shown."""
    kept_by: Moving | None = g.get(_MOVING)
    if kept_by is None:
        return moving.words
    if kept_by.frame != moving.frame:  # it moved between two questions
        fleeting()
        return moving.words
    return tuple(f"{_BEFORE}{number}" for number in range(len(moving.words)))


def _answer(view: Callable[[], Any], also: Callable[[Connection], Moving] | None) -> Response:
    shelf: Shelf = current_app.extensions["lapak_pages"]
    moment, stamp = now(), stamps.current()
    moving = also(db.session.connection()) if also else STILL
    true = facts(stamp, moment, moving)
    key = (
        settings().public_url or request.host_url,
        request.path,
        request.query_string,
        *(cookies.kept(name) for name in LOOKS),
        request.headers.get("Save-Data", "").lower() == "on",
    )
    page, second = shelf.find(key), int(moment.timestamp())
    if page is not None and page.facts == true and second < page.until:
        if page.words != moving.words:
            page = mended(current_app, key, page, moving.words)
            shelf.put(key, page)
        if _has(page):
            return _nothing_new(page)
        if page.plain or page.squeezed:
            return _show(shelf, key, page)
    if (known := _known(key, (true, moving.words), second)) is not None:
        # Whoever has it asks again: the doorway can answer the next time.
        known = replace(known, facts=true, also=also, words=moving.words)
        shelf.put(key, known)
        return _nothing_new(known)
    g.pop(_UNTIL, None)
    g.page_moving = moving
    response = make_response(view())
    until = g.get(_UNTIL, FOR_EVER)
    plain, places = _filled(response.get_data(), moving.words)
    if response.status_code != 200 or second >= until or "Set-Cookie" in response.headers:
        response.set_data(plain)
        return headed(response)
    moved = 0 if also or until < FOR_EVER else _moved(stamp, moment)
    tag = _tag(current_app, key, (true, moving.words), until)
    page = Page(true, until, tag, moved, response.content_type, plain, also=also, words=moving.words, places=places)
    return _show(shelf, key, page)


def facts(stamp: stamps.Stamp, moment: datetime, moving: Moving) -> Facts:
    """Return what a page rests on: the rows, the days in the country's zones, and the frame of what moves in it."""
    return (stamp, tuple((moment + ahead).toordinal() for ahead in ZONES), moving.frame)


def _filled(text: bytes, words: tuple[str, ...]) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """Return a text with the words put into its gaps, and where they stand now."""
    plain, places = bytearray(), []
    for part, piece in enumerate(_GAP.split(text)):
        if part % 2:
            places.append((int(piece), len(plain)))
        plain += words[int(piece)].encode() if part % 2 else piece
    return bytes(plain), tuple(places)


def mended(app: Flask, key: Facts, page: Page, words: tuple[str, ...]) -> Page:
    """Return the same page with other words, as readers take it; what only readers have gets no more than its tag."""
    fresh = replace(page, words=words, tag=_tag(app, key, (page.facts, words), page.until), ready={})
    if not page.places:
        return fresh
    text, end, parts = page.plain or gzip.decompress(page.squeezed), 0, []
    for number, start in page.places:
        parts += [text[end:start], f"{_BEFORE}{number}".encode()]
        end = start + len(page.words[number].encode())
    plain, places = _filled(b"".join([*parts, text[end:]]), words)
    fresh = replace(fresh, plain=plain, squeezed=b"", places=places)
    return _squeezed(fresh) if page.squeezed else fresh


def _squeezed(page: Page) -> Page:
    # Phones take it squeezed: four times as many pages have room so, and the rare other reader unpacks his.
    return replace(page, squeezed=gzip.compress(page.plain, 5, mtime=0), plain=b"", ready={})


def _show(shelf: Shelf, key: Facts, page: Page) -> Response:
    """Answer with the page as this reader takes it, made once for all who do."""
    squeeze = request.accept_encodings["gzip"] > 0 and (page.squeezed or len(page.plain) >= guard.COMPRESS_FROM)
    if squeeze and not page.squeezed:
        page = _squeezed(page)
    elif not squeeze and not page.plain:
        page = replace(page, plain=gzip.decompress(page.squeezed))
    if page.size <= LARGEST and shelf.find(key) is not page:
        shelf.put(key, page)
    request.environ[SHOWN] = page
    response = Response(page.squeezed if squeeze else page.plain, content_type=page.kind)
    if squeeze:
        response.headers["Content-Encoding"] = "gzip"
    return _tagged(response, page.tag, page.since)


def _nothing_new(page: Page) -> Response:
    request.environ[SHOWN] = page
    return _tagged(Response(status=304), page.tag, page.since)


def _tagged(response: Response, tag: str, since: int) -> Response:
    response.headers["ETag"] = f"W/{tag}"
    if since:
        response.last_modified = datetime.fromtimestamp(since, UTC)
    return headed(response)


def _has(page: Page) -> bool:
    """Tell whether the reader has this very page."""
    said = request.headers.get("If-None-Match")
    if said is not None:
        return page.tag in said
    since = request.if_modified_since
    return bool(since and int(since.timestamp()) == page.since)


def _known(key: Facts, true: Facts, second: int) -> Page | None:
    """Return the page as it is now by its tag alone, when the reader has it, though this process does not hold it.

    `true` is what it rests on and the words in it.
    """
    for until, _sum in _TAG.findall(request.headers.get("If-None-Match", ""))[:_MOST_TAGS]:
        end = int(until, 16)
        tag = _tag(current_app, key, true, end)
        if second < end and tag in request.headers["If-None-Match"]:
            return Page(true, end, tag, 0, "", b"")
    return None


def _tag(app: Flask, key: Facts, true: Facts, until: int) -> str:
    said = repr((app.extensions["lapak_build"], key, true, until))
    return f'"{until:x}.{hashlib.sha256(said.encode()).hexdigest()[:24]}"'


def _moved(stamp: stamps.Stamp, moment: datetime) -> int:
    """Return the newest second at which such a page changed: a row, the day in one of the zones, or the program."""
    days = ((moment + ahead).replace(hour=0, minute=0, second=0, microsecond=0) - ahead for ahead in ZONES)
    build: int = current_app.extensions["lapak_build"][1]
    return max(stamp.moved_ms // 1000, build, *(int(day.timestamp()) for day in days))


def _build(root: Path) -> tuple[str, int]:
    """Name this release by its files: another program writes other pages."""
    files = [path for ending in ("*.py", "*.html", "*.mo", "*.css", "*.js") for path in root.rglob(ending)]
    states = sorted((path.relative_to(root).as_posix(), path.stat()) for path in files)
    said = repr([(name, state.st_size, state.st_mtime_ns) for name, state in states])
    return hashlib.sha256(said.encode()).hexdigest()[:16], max(int(state.st_mtime) for _, state in states)


def init(app: Flask) -> None:
    """Make room for pages."""
    app.extensions["lapak_pages"] = Shelf()
    app.extensions["lapak_build"] = _build(Path(app.root_path))
