"""Assets: joined, stripped, named by their hash and kept in memory, so that a phone fetches each once.

Styles are joined in the order tokens, reset, base, layout, components, pages; what only papers wear (static/css/papers)
is a file of its own, which only papers fetch. Behaviours (static/js/behaviours/*.js, each with one
`export function attach(element)`) become one module in front of static/js/app.js. A script of few pages
(static/js/pages/*.js) is a file of its own: only those pages fetch it.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

from app.core.policy import public

STYLE_ORDER = ("tokens", "reset", "base", "layout", "components", "pages", "papers")
# Where the styles of papers begin: both files are made at once, so that a token has one short name in both.
PAPERS = "@papers;"
PREFIX = "/aset/"
YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    url: str
    body: bytes
    squeezed: bytes | None
    kind: str


class Assets:
    """Everything under static/, built once when the app starts."""

    def __init__(self, folder: Path) -> None:
        """Read the folder: single files first, since styles point at them."""
        self.by_name: dict[str, Asset] = {}
        self.by_url: dict[str, Asset] = {}
        for path in sorted((*folder.glob("img/**/*"), *folder.glob("fonts/*"))):
            if path.is_file():
                self._add(path.relative_to(folder).as_posix(), path.name, path.read_bytes())
        styles, _, papers = self._styles(folder / "css").partition(PAPERS)
        self._add("css", "lapak.css", styles.encode())
        self._add("papers", "papers.css", papers.encode())
        self._add("js", "lapak.js", self._script(folder / "js").encode())
        for path in sorted(folder.glob("js/pages/*.js")):
            self._add(f"pages/{path.name}", path.name, _uncommented(path).encode())

    def _add(self, name: str, file_name: str, body: bytes) -> None:
        stem, _, ending = file_name.rpartition(".")
        url = f"{PREFIX}{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        kind = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        squeezed = gzip.compress(body, 9, mtime=0) if kind.startswith(("text/", "image/svg")) else None
        self.by_name[name] = self.by_url[url] = Asset(url, body, squeezed, kind)

    def _styles(self, folder: Path) -> str:
        joined = ""
        for part in STYLE_ORDER:
            files = (folder / f"{part}.css", *sorted((folder / part).glob("*.css")))
            joined += PAPERS if part == "papers" else ""
            joined += "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file()) + "\n"
        joined = re.sub(r"/\*.*?\*/", "", joined, flags=re.S)
        joined = re.sub(r"""url\(["']?((?:\.\./)?(?:fonts|img)/[^"')]+)["']?\)""", self._point, joined)
        joined = re.sub(r"\s*([{};,>])\s*", r"\1", joined).replace(";}", "}")
        return _short_names(_in_place(re.sub(r":\s+", ":", joined).strip()))

    def _point(self, match: re.Match[str]) -> str:
        return f'url("{self.by_name[match[1].removeprefix("../")].url}")'

    def _script(self, folder: Path) -> str:
        parts = ["const behaviours = {};"]
        for path in sorted((folder / "behaviours").glob("*.js")):
            parts.append(
                "{\n"
                + _uncommented(path).replace(
                    "export function attach", f'behaviours["{path.stem}"] = function attach', 1
                )
                + "\n}"
            )
        main = folder / "app.js"
        parts.append(_uncommented(main) if main.is_file() else "")
        return "\n".join(parts)

    def url(self, name: str) -> str:
        """Return the address of an asset by its name: `css`, `js`, `img/logo.svg`, or short `logo`."""
        for known in (name, f"img/{name}", f"img/{name}.svg", f"fonts/{name}"):
            if known in self.by_name:
                return self.by_name[known].url
        raise KeyError(name)


def _uncommented(path: Path) -> str:
    """Read a script without what it says of itself to people."""
    return re.sub(r"^/\*.*?\*/\s*", "", path.read_text(encoding="utf-8"), flags=re.S)


def _in_place(styles: str) -> str:
    """Write a token that a single rule uses where it is used: it has its name for people, not for phones.

    >>> _in_place(":root{--edge:#666;--text:#000}p{color:var(--text);background:var(--edge)}b{color:var(--text)}")
    ':root{--text:#000}p{color:var(--text);background:#666}b{color:var(--text)}'
    """
    known = Counter(re.findall(r"(?<=[{;(])--[\w-]+", styles))
    for name in (name for name, times in known.items() if times == 2):
        # Only what the root says once and for all: another place may say it for itself.
        if told := re.search(
            rf"(?<=[{{;]){name}:((?:\"[^\"]*\"|[^;}}])*);", styles[: styles.find("}", styles.find(":root{"))]
        ):
            styles = (styles[: told.start()] + styles[told.end() :]).replace(f"var({name})", told[1])
    return styles


def _short_names(styles: str) -> str:
    """Give the custom properties short names, the most used first: people read the files, phones fetch the sum.

    >>> _short_names(":root{--c-text:#000;--c-edge:#666}p{color:var(--c-text)}")
    ':root{--0:#000;--1:#666}p{color:var(--0)}'
    """
    known = Counter(re.findall(r"(?<=[{;(])--[\w-]+", styles))
    short = {name: f"--{place:x}" for place, (name, _) in enumerate(known.most_common())}
    return re.sub(r"(?<=[{;(])--[\w-]+", lambda found: short[found[0]], styles)


def url(name: str) -> str:
    """Return the address of an asset of the app that is running."""
    assets: Assets = current_app.extensions["lapak_assets"]
    return assets.url(name)


def text(name: str) -> str:
    """Return what stands in an asset of the app that is running."""
    assets: Assets = current_app.extensions["lapak_assets"]
    return assets.by_name[name].body.decode()


def init(app: Flask) -> None:
    """Serve the assets and give templates `asset()`."""
    assets = Assets(Path(app.root_path) / "static")
    app.extensions["lapak_assets"] = assets

    @public
    def serve(name: str) -> Response:
        found = assets.by_url.get(PREFIX + name)
        if found is None:
            abort(404)
        squeeze = found.squeezed is not None and request.accept_encodings["gzip"] > 0
        body = found.squeezed if squeeze and found.squeezed is not None else found.body
        response = Response(body, mimetype=found.kind)
        if squeeze:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = YEAR
        response.vary.add("Accept-Encoding")
        return response

    app.add_url_rule(f"{PREFIX}<string:name>", "asset", serve)
    app.jinja_env.globals["asset"] = assets.url
