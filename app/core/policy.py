"""Who may: every view says `@allow(policy, loader)` or `@public`, and everything else is refused at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, Protocol, TypeVar, cast

from flask import Flask
from flask_login import current_user

from app.core.errors import Forbidden, NotFound, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])
ACCESS = "__access__"


class Actor(Protocol):
    """Whoever is acting: a signed-in account, or nobody."""

    id: int
    role: str
    name: str
    region_code: str

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""


@dataclass(frozen=True)
class Nobody:
    """A visitor without an account."""

    id: int = 0
    role: str = ""
    name: str = ""
    region_code: str = ""
    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True

    def get_id(self) -> str | None:
        """Return nothing: there is no account."""
        return None


@dataclass(frozen=True)
class Access:
    """What a view asks for, kept on the function so that tests can read it."""

    public: bool
    policy: Callable[..., bool] | None = None
    loader: Callable[..., Any] | None = None


def current_actor() -> Actor:
    """Return who is acting in this request."""
    # flask-login hands out a proxy; what operations store must be the account itself.
    return cast("Actor", current_user._get_current_object())  # noqa: SLF001


def public(view: View) -> View:
    """Let everyone in. A page behind a signed link is public too: it checks the signature itself."""
    setattr(view, ACCESS, Access(public=True))
    return view


def allow(policy: Callable[..., bool], loader: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Let in whom `policy(actor[, subject])` lets in.

    The loader's parameters are taken out of the URL (`scope` receives the actor) and what it returns becomes the
    view's first argument. Somebody else's subject answers exactly like a missing one.
    """
    takes = tuple(signature(loader).parameters) if loader else ()

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**url: Any) -> Any:
            actor = current_actor()
            if actor.is_anonymous:
                raise SignInNeeded
            if loader is None:
                if not policy(actor):
                    raise Forbidden
                return view(**url)
            subject = loader(**{name: actor if name == "scope" else url.pop(name) for name in takes})
            if subject is None or not policy(actor, subject):
                raise NotFound
            return view(subject, **url)

        setattr(guarded, ACCESS, Access(public=False, policy=policy, loader=loader))
        return cast("View", guarded)

    return decorate


def unguarded(app: Flask) -> list[str]:
    """Return the endpoints whose view says neither @allow nor @public."""
    return sorted(name for name, view in app.view_functions.items() if not hasattr(view, ACCESS))
