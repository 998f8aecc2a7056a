"""The frame around a list, for the busiest page: a mould of the layout that each page of a visitor fills."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any, Final, NamedTuple

from flask import current_app, g, render_template, request, session
from markupsafe import Markup

from app.core.addresses import kept_question
from app.goods.catalogue.moulds import block, escaped, gap, in_ascii, kept, mould

LIST: Final = "/produk"
_SITE: Final = ("name", "region_name", "office_name", "phone", "phone_shown", "email")


class _Site(NamedTuple):
    """The site as the layout sees it, its words gaps."""

    name: str
    region_name: str
    office_name: str
    phone: str
    phone_shown: str
    email: str
    demo: bool


class _Address(NamedTuple):
    """What the layout reads of a request."""

    path: str
    args: dict[str, str]


def context() -> dict[str, Any]:
    """Return what every template is told, put together once a request."""
    if "told" not in g:
        g.told = {}
        current_app.update_template_context(g.told)
        del g.told["g"]  # what is kept there must not lead back to it, or all of the request waits to be collected
    told: dict[str, Any] = g.told
    return told


def parts(template: str, **facts: Any) -> dict[str, Markup]:
    """Render the macros of a template that need nothing of the request: `heading`, `description`, `head`, and so on."""
    module: Any = current_app.jinja_env.get_template(template).module
    return {name: getattr(module, name)(facts) for name in module.PARTS}


def same_parts(template: str, shape: Hashable, **facts: Any) -> dict[str, Markup]:
    """Return those of these macros that rest on `shape` alone."""
    module: Any = current_app.jinja_env.get_template(template).module
    moulds = kept()
    # What a template made, escaped where it had to be.
    return {
        name: Markup(mould(moulds, (template, name, shape), partial(getattr(module, name), facts)) % ())  # noqa: S704
        for name in module.SAME
    }


def page(template: str, **words: str) -> str:
    """Render a template whose only variables are `words`; those that are Markup stand as they are.

    Somebody who is signed in, or has things in the cart, gets the layout rendered for her alone.
    """
    asked, told = kept_question(), context()
    if session or told["cart_count"]:
        return render_template(template, page_question=asked, **words)
    site, here = told["site"], request.path == LIST
    q = request.args["q"] if here and "q" in request.args else ""
    said = {name: getattr(site, name) for name in _SITE}
    shape = {
        "here": here,
        "q": bool(q),
        "asked": bool(asked),
        "phone": bool(said["phone"]),
        "email": bool(said["email"]),
        "demo": site.demo,
        "theme": told["theme"],
        "save_data": told["save_data"],
    }
    blocks = tuple(name for name, value in words.items() if isinstance(value, Markup))
    frame = mould(kept(), (template, blocks, *shape.values()), lambda: _blank(template, shape, tuple(words), blocks))
    said |= {"path": request.path, "q": q, "asked": asked, **words}
    return frame % {name: word if name in blocks else escaped(word) for name, word in said.items()}


def _blank(template: str, shape: dict[str, Any], words: tuple[str, ...], blocks: tuple[str, ...]) -> str:
    """Render the template for a visitor, with gaps for all that the site, the address and the list say."""
    site = _Site(**{name: gap(name) if shape.get(name, True) else "" for name in _SITE}, demo=shape["demo"])
    address = _Address(LIST if shape["here"] else gap("path"), {"q": gap("q")} if shape["q"] else {})
    said = render_template(
        template,
        site=site,
        request=address,
        page_question=gap("asked") if shape["asked"] else "",
        theme=shape["theme"],
        save_data=shape["save_data"],
        desk_nav=[],
        cart_count=0,
        **{name: block(name) if name in blocks else gap(name) for name in words},
    )
    return in_ascii(said)
