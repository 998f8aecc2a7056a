"""E-mail by its standards, through the server of the office: a plain text that names nobody (RFC 5322, RFC 3834).

A server knows no keys, so a try after one that was cut off may bring a letter twice; both carry the same Message-ID, by
which mail programs show one.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import unquote, urlsplit

from app.core.clock import now
from app.core.i18n import _l
from app.core.vault import settings
from app.office.notices.channels import Gone, Parcel

ASKED_SECONDS = 10
PORTS = {"smtp": 587, "smtps": 465}
STRANGE = re.compile(r"[^A-Za-z0-9_-]")
NOBODY = frozenset({550, 551, 553})
"""What a server answers when nobody has this address (RFC 5321, section 4.2.3)."""


STOP = _l("Tidak mau surel lagi? Buka Akun saya di Lapak Mandiri, lalu kosongkan alamat surelnya.")
NOT_YOU = _l("Bukan Anda yang mengisi alamat ini? Buka tautan itu dan pilih “Bukan saya, hentikan”.")


def is_set_up() -> bool:
    """Tell whether this office has a server that carries e-mail."""
    return bool(settings().smtp_url)


def letter(parcel: Parcel, end: object = STOP, home: str = "") -> EmailMessage:
    """Write the letter of a parcel; the same parcel is the same letter."""
    home = settings().public_url or home
    sender = settings().mail_from
    written = EmailMessage()
    written["From"] = formataddr((settings().site_name, sender))
    written["To"] = parcel.address
    written["Subject"] = parcel.text
    written["Date"] = format_datetime(now())
    written["Message-ID"] = f"<{STRANGE.sub('_', parcel.key)}@{sender.rpartition('@')[2]}>"
    written["Auto-Submitted"] = "auto-generated"
    written.set_content("\n\n".join([parcel.text, *([home + parcel.url] if home else []), str(end)]) + "\n")
    return written


@dataclass(frozen=True)
class MailChannel:
    """Carries a text to one address of e-mail through `LAPAK_SMTP_URL`; a password never goes over an open line.

    `end` is what stands under every letter, `home` where its links lead if no public address is set.
    """

    name: str = "mail"
    end: object = STOP
    home: str = ""

    def send(self, parcel: Parcel) -> None:
        """Hand the letter to the server."""
        parts = urlsplit(settings().smtp_url)
        port = parts.port or PORTS[parts.scheme]
        secret = ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(parts.hostname or "", port, timeout=ASKED_SECONDS, context=secret)
        else:
            server = smtplib.SMTP(parts.hostname or "", port, timeout=ASKED_SECONDS)
        with server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=secret)
                server.ehlo()
            if parts.username:
                if not isinstance(server.sock, ssl.SSLSocket):
                    raise OSError("the server takes a password over an open line only")
                server.login(unquote(parts.username), unquote(parts.password or ""))
            try:
                server.send_message(letter(parcel, self.end, self.home))
            except smtplib.SMTPRecipientsRefused as refused:
                # What the server says repeats the address, which belongs in no log.
                codes = {code for code, _said in refused.recipients.values()}
                raise (Gone(parcel.key) if codes <= NOBODY else OSError(f"refused: {sorted(codes)}")) from None
