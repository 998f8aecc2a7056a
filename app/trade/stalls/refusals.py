"""What a stall is refused, and why, in words that a seller understands."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import _l


class NotOpen(DomainError):
    """The till is open from the first opening until the result is reported."""

    text = _l("Kasir dibuka saat bazar mulai, dan ditutup setelah hasilnya dilaporkan.")


class Settled(DomainError):
    """The stall has handed its result in."""

    text = _l("Hasil lapak ini sudah disetor, jadi catatannya tidak bisa diubah lagi.")


class NotHere(DomainError):
    """She has no place at this bazaar, or has not said yes."""

    text = _l("Lapak ini tidak punya tempat di bazar ini.")


class NotHers(DomainError):
    """The goods belong to another stall."""

    status = 422
    text = _l("Barang itu bukan dari lapak ini.")


class NothingSold(DomainError):
    """A basket without anything in it."""

    status = 422
    text = _l("Pilih dulu barangnya.")


class KeyReused(DomainError):
    """The page had been sent before, with something else in it."""

    text = _l("Jualan dari halaman ini sudah tercatat. Kalau ini jualan baru, tekan Catat sekali lagi.")


class TooFew(DomainError):
    """Less lies on the stall than would be taken back."""

    text = _l("Yang dibawa pulang atau rusak tidak bisa lebih dari sisa barang di lapak.")


class NotEnoughAtHome(DomainError):
    """Buyers were promised what is left at home."""

    text = _l("%(name)s: stok yang bebas tinggal %(left)s. Tambah stok dulu, atau bawa lebih sedikit.")
