"""What happened on the day of the first bazaar: what went wrong and what was done, and photos of the yard."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.core.db import db
from app.people.accounts.models import Account
from app.site.demo.pictures import Draw
from app.trade.bazaars.models import Bazaar
from app.trade.stalls.models import BazaarPhoto, Incident

# (minutes after the opening, kind, what happened, what was done)
HAPPENED: Final = (
    (55, "weather", "Angin kencang, tenda lapak nomor 3 miring.", "Tenda diikat ulang ke pagar dan diberi pemberat."),
    (190, "health", "Seorang pengunjung pusing karena panas.", "Dibawa ke aula donor darah, istirahat, lalu pulang."),
)
# (drawing, what the photo shows)
PHOTOS: Final = (
    ("halaman", "Lapak di halaman belakang kantor dinas, pagi hari."),
    ("meja", "Telur asin, keripik, dan sambal di satu meja."),
    ("ramai", "Pengunjung donor darah mampir ke lapak."),
)


def load(bazaar: Bazaar, draw: Draw, officer: Account) -> None:
    """Write down what went wrong that day, and keep the photos."""
    for number, (minutes, kind, text, done) in enumerate(HAPPENED, 1):
        at = bazaar.starts_at + timedelta(minutes=minutes)
        db.session.add(
            Incident(
                key=f"demo-{number}", bazaar_id=bazaar.id, kind=kind, happened_at=at, text=text, done=done,
                by_id=officer.id, at=at + timedelta(minutes=10),
            )
        )  # fmt: skip
    pictures = draw([(f"{bazaar.slug}-{name}", "bazar", name) for name, _caption in PHOTOS])
    for number, (name, caption) in enumerate(PHOTOS, 1):
        found = pictures[f"{bazaar.slug}-{name}"]
        at = bazaar.starts_at + timedelta(hours=number)
        db.session.add(
            BazaarPhoto(
                key=f"demo-{number}", bazaar_id=bazaar.id, stem=found.stem, width=found.width, height=found.height,
                ready=True, caption=caption, by_id=officer.id, at=at,
            )
        )  # fmt: skip
    db.session.flush()
