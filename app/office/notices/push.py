"""Web Push by its standards: sealed for one browser (RFC 8291), and we name ourselves to its service (RFC 8292).

Our key is derived from the secret of the installation, like every other: each node has it, and it needs no file.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.clock import now
from app.core.vault import settings
from app.office.notices.channels import Gone, Parcel

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT, AUTH, SALT, RECORD = 65, 16, 16, 4096
ASKED_SECONDS = 10
TOKEN_SECONDS, KEPT_SECONDS = 12 * 3600, 24 * 3600
# Where browsers have their messages delivered; a request of ours goes nowhere else.
SERVICES = (
    "fcm.googleapis.com", ".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com",
)  # fmt: skip


def is_service(endpoint: str) -> bool:
    """Tell whether an address belongs to the message service of a browser."""
    try:
        parts = urlsplit(endpoint)
        origin, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
        plain = parts.port is None and parts.username is None
    except ValueError:
        return False
    if origin in settings().push_origins:
        return True
    known = any(host.endswith(each) if each.startswith(".") else host == each for each in SERVICES)
    return parts.scheme == "https" and plain and known


def encode(raw: bytes) -> str:
    """Write bytes as browsers do."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read what a browser wrote.

    Raises:
        ValueError: it is no such text.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def is_key(point: str, auth: str) -> bool:
    """Tell whether these are the keys of a browser."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(point))
        return len(decode(point)) == POINT and len(decode(auth)) == AUTH
    except ValueError:
        return False


def public_key() -> str:
    """Return the key by which services of browsers know this installation."""
    return encode(_point(_own_key().public_key()))


def _own_key() -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(settings().derive("web-push"), "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(
    text: bytes, point: bytes, auth: bytes, *, ours: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """Seal a text for one browser; a new key and salt each time unless they are given.

    Source: RFC 8291, section 3.4, and RFC 8188 with a single record.
    """
    ours, salt = ours or ec.generate_private_key(CURVE), salt or secrets.token_bytes(SALT)
    theirs, own = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point), _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derive(shared, auth, b"WebPush: info\x00" + point + own, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(own)]) + own
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def vouch(origin: str) -> str:
    """Return the header that names us to the service at an origin (RFC 8292)."""
    contact = settings().public_url if settings().public_url.startswith("https:") else "mailto:lapak@localhost"
    facts = {"aud": origin, "exp": int(now().timestamp()) + TOKEN_SECONDS, "sub": contact}
    said = ".".join(encode(json.dumps(each).encode()) for each in ({"typ": "JWT", "alg": "ES256"}, facts))
    r, s = decode_dss_signature(_own_key().sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={said}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={public_key()}"


@dataclass(frozen=True)
class PushChannel:
    """Carries a text to one browser. The address of a parcel is its endpoint and keys, as `packed` writes them."""

    name: str = "push"

    def send(self, parcel: Parcel) -> None:
        """Hand it to the browser's service; a second try replaces what the phone has not fetched yet."""
        endpoint, point, auth = json.loads(parcel.address)
        if not is_service(endpoint):
            raise Gone(parcel.key)
        parts = urlsplit(endpoint)
        said = json.dumps({"text": parcel.text, "url": parcel.url}, ensure_ascii=False).encode()
        headers = {
            "Authorization": vouch(f"{parts.scheme}://{parts.netloc}"),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_SECONDS),
            "Urgency": "high",
            "Topic": encode(hashlib.sha256(parcel.key.encode()).digest())[:32],
        }
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = make(parts.hostname or "", parts.port, timeout=ASKED_SECONDS)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, seal(said, decode(point), decode(auth)), headers)
            status = connection.getresponse().status
        except http.client.HTTPException as error:
            raise OSError(type(error).__name__) from None
        finally:
            connection.close()
        if status in {404, 410}:
            raise Gone(parcel.key)
        if status >= 300:
            raise OSError(status)


def packed(endpoint: str, point: str, auth: str) -> str:
    """Write an endpoint and its keys as the address of a parcel."""
    return json.dumps([endpoint, point, auth])
