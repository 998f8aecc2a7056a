"""Settings: read once from the environment (`LAPAK_*`), frozen, and handed to the application factory."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "production", "test")
FEWEST_SIGNS = 8
FEWEST_BYTES = 32
# How often somebody may try, as (most, seconds): source spec/security.md 12. `LAPAK_LIMITS` may say otherwise.
LIMITS: Mapping[str, tuple[int, int]] = {
    "sign-in:pin": (10, 300),
    "sign-in:password": (10, 300),
    "sign-in:card": (10, 300),
    "sign-in:code": (10, 300),
    # A card that was found on the street must not open the PIN by patience.
    "sign-in:new-phone": (5, 900),
    "own:proof": (10, 300),
    "order-look-up": (20, 3600),
    "statement-look-up": (20, 3600),
    "paper-look-up": (20, 3600),
    "buyer-copy": (10, 3600),
    "handover": (5, 86_400),
    "helper-pass": (5, 900),
    "photo": (120, 3600),
    # Pictures that a buyer sends as proof, for each order.
    "proof": (12, 3600),
    "list": (60, 3600),
    "wish": (5, 3600),
    "question": (10, 86_400),
    "report": (20, 3600),
    "ticket": (5, 3600),
    # Letters that ask whether an address is one's own: to each address, and for each account.
    "mail": (5, 86_400),
    # What a phone brings in when the signal is back: a bazaar's phones all come at once, so only a broken one feels it.
    "sync": (600, 60),
}
SAMPLES = ("change", "ganti", "contoh", "example", "secret", "rahasia", "test")


class BadSettings(Exception):
    """The environment cannot be started from; the message is one line for the operator."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and the next.

    `secret_key` signs and derives; `field_keys` is the ring that seals identity fields, newest first, as
    (key id, 32 bytes). Times are seconds, sizes bytes.
    """

    environment: str = "development"
    database_url: str = "sqlite:///" + str(ROOT / "var" / "lapak.sqlite")
    secret_key: bytes = field(repr=False)
    field_keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    media_dir: Path = ROOT / "var" / "media"
    private_dir: Path = ROOT / "var" / "private"
    media_url: str = "/media"
    public_url: str = ""
    cache: bool = True
    proxies: int = 0
    secure_cookies: bool = False
    site_name: str = "Lapak Mandiri"
    regency_code: str = "36.04"
    argon2_time_cost: int = 2
    argon2_memory_kib: int = 19456
    max_body_bytes: int = 24 * 1024 * 1024
    limits: Mapping[str, tuple[int, int]] = field(default_factory=lambda: LIMITS)
    log_level: str = "INFO"
    gateway_folder: str = ""
    push_origins: tuple[str, ...] = ()
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""

    @property
    def production(self) -> bool:
        """Whether real people depend on this installation."""
        return self.environment == "production"

    def derive(self, purpose: str) -> bytes:
        """Return a 32-byte key for one purpose, so that no two uses share a key."""
        return hmac.digest(self.secret_key, purpose.encode(), hashlib.sha256)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Build settings from `LAPAK_*` variables.

    Raises:
        BadSettings: a value cannot be read, or production lacks one that it needs.
    """
    env = os.environ if environ is None else environ
    kind = env.get("LAPAK_ENV", "development")
    if kind not in ENVIRONMENTS:
        raise BadSettings(f"LAPAK_ENV={kind}: choose one of {', '.join(ENVIRONMENTS)}.")
    production = kind == "production"
    secret = _secret(env, production=production)
    var = Path(env.get("LAPAK_VAR_DIR", str(ROOT / "var")))
    try:
        made = Settings(
            environment=kind,
            database_url=_database(env, var, production=production),
            secret_key=secret,
            field_keys=_field_keys(env, secret, production=production),
            media_dir=Path(env.get("LAPAK_MEDIA_DIR", str(var / "media"))),
            private_dir=Path(env.get("LAPAK_PRIVATE_DIR", str(var / "private"))),
            media_url=env.get("LAPAK_MEDIA_URL", "/media").rstrip("/"),
            public_url=env.get("LAPAK_PUBLIC_URL", "").rstrip("/"),
            cache=_flag(env, "LAPAK_CACHE", default=True),
            proxies=int(env.get("LAPAK_PROXIES", "0")),
            secure_cookies=_flag(env, "LAPAK_SECURE_COOKIES", default=production),
            site_name=env.get("LAPAK_SITE_NAME", "Lapak Mandiri"),
            regency_code=env.get("LAPAK_REGENCY", "36.04"),
            max_body_bytes=int(env.get("LAPAK_MAX_BODY", str(24 * 1024 * 1024))),
            log_level=env.get("LAPAK_LOG_LEVEL", "INFO").upper(),
            limits=_limits(env),
            gateway_folder=env.get("LAPAK_GATEWAY_DIR", ""),
            push_origins=tuple(filter(None, env.get("LAPAK_PUSH_ORIGINS", "").split(","))),
            smtp_url=_smtp(env),
            mail_from=env.get("LAPAK_MAIL_FROM", ""),
        )
    except ValueError as error:
        raise BadSettings(f"A LAPAK_ setting is not a number: {error}") from None
    if production and made.proxies and not made.public_url:
        # Most proxies hand on a forwarded host that anybody may send, and public pages are kept with their links.
        raise BadSettings("LAPAK_PUBLIC_URL is missing; behind a proxy (LAPAK_PROXIES) production names its address.")
    if production and made.smtp_url and not made.public_url:
        raise BadSettings("LAPAK_PUBLIC_URL is missing; letters (LAPAK_SMTP_URL) of production name its address.")
    return made


def _smtp(env: Mapping[str, str]) -> str:
    """Check the server that carries e-mail, and that letters have a sender; the address may hold a password."""
    given, sender = env.get("LAPAK_SMTP_URL", ""), env.get("LAPAK_MAIL_FROM", "")
    if given:
        parts = urlsplit(given)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.port == 0:
            raise BadSettings("LAPAK_SMTP_URL is not smtp://user:password@host:port (or smtps://).")
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
            raise BadSettings("LAPAK_MAIL_FROM is missing; letters name the address that they come from.")
    return given


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if value in {"", "default"}:
        return default
    return value in {"1", "on", "true", "yes", "ya"}


def _limits(env: Mapping[str, str]) -> Mapping[str, tuple[int, int]]:
    """Parse `name=most/seconds,name=most/seconds`; what is not named stays as it is."""
    changed: dict[str, tuple[int, int]] = {}
    for part in filter(None, (each.strip() for each in env.get("LAPAK_LIMITS", "").split(","))):
        name, _, rate = part.partition("=")
        most, _, seconds = rate.partition("/")
        if name not in LIMITS or not (most.isdigit() and seconds.isdigit()) or not int(most) or not int(seconds):
            raise BadSettings(f"LAPAK_LIMITS: '{part}' is not name=most/seconds; names: {', '.join(LIMITS)}.")
        changed[name] = (int(most), int(seconds))
    return {**LIMITS, **changed}


def _database(env: Mapping[str, str], var: Path, *, production: bool) -> str:
    url = env.get("LAPAK_DATABASE_URL", "")
    if not url and production:
        raise BadSettings("LAPAK_DATABASE_URL is missing; production names its database.")
    url = url or f"sqlite:///{var / 'lapak.sqlite'}"
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url.removeprefix(old)
    return url


def _secret(env: Mapping[str, str], *, production: bool) -> bytes:
    given = env.get("LAPAK_SECRET_KEY", "")
    if given:
        if production and len(given) < FEWEST_BYTES:
            raise BadSettings("LAPAK_SECRET_KEY is shorter than 32 signs; make one with: openssl rand -hex 32")
        if production and (len(set(given)) < FEWEST_SIGNS or any(word in given.lower() for word in SAMPLES)):
            raise BadSettings("LAPAK_SECRET_KEY is a sample, not a secret; make one with: openssl rand -hex 32")
        return hashlib.sha256(given.encode()).digest()
    if production:
        raise BadSettings("LAPAK_SECRET_KEY is missing; make one with: openssl rand -hex 32")
    return _secret_file(Path(env.get("LAPAK_VAR_DIR", str(ROOT / "var"))) / "secret.key")


def _secret_file(path: Path) -> bytes:
    """Read the development secret, writing it on the first start for the owner's eyes only."""
    try:
        value = path.read_bytes()
    except FileNotFoundError:
        value = _new_secret_file(path)
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}.") from None
    if len(value) < FEWEST_BYTES:  # the disk was full when it was written
        raise BadSettings(f"{path} is cut short; move it away and the next start writes another.")
    return hashlib.sha256(value).digest()


def _new_secret_file(path: Path) -> bytes:
    value = secrets.token_hex(32).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(value)
    except FileExistsError:
        return path.read_bytes()
    except OSError as error:
        raise BadSettings(f"Folder {path.parent} cannot be written: {error.strerror}.") from None
    return value


def _field_keys(env: Mapping[str, str], secret: bytes, *, production: bool) -> tuple[tuple[str, bytes], ...]:
    """Parse `id:base64,id:base64`, newest first."""
    given = env.get("LAPAK_FIELD_KEYS", "")
    if not given:
        if production:
            raise BadSettings("LAPAK_FIELD_KEYS is missing; give id:base64-of-32-bytes, newest first.")
        return (("dev", hmac.digest(secret, b"field", hashlib.sha256)),)
    ring: list[tuple[str, bytes]] = []
    for part in given.split(","):
        name, _, value = part.strip().partition(":")
        key = base64.b64decode(value or "", validate=False)
        if not name or len(key) != 32:
            raise BadSettings(f"LAPAK_FIELD_KEYS: the key named '{name}' is not 32 bytes in base64.")
        if name in dict(ring):
            raise BadSettings(f"LAPAK_FIELD_KEYS: two keys are named '{name}'.")
        ring.append((name, key))
    return tuple(ring)
