"""One line of a list of goods, read the way people type it. Pure: reasons are codes, `words` says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from app.goods.products.rules import LEAST_PRICE, MOST_PRICE, MOST_QUANTITY
from app.goods.spreadsheets.answers import READERS, Wrong, plain
from app.kit import quantities, text
from app.kit.rupiah import Rupiah
from app.kit.unclear import Unclear

COLUMNS: Final = {
    "code": ("Kode", "kode produk", "sku", "slug", "alamat"),
    "name": ("Nama", "nama produk", "nama barang", "produk", "barang"),
    "choice": ("Pilihan", "varian", "variasi", "ukuran", "rasa"),
    "price": ("Harga", "harga jual", "harga satuan"),
    "unit": ("Satuan", "dijual per", "per"),
    "category": ("Jenis", "kategori", "jenis barang"),
    "weight": ("Berat bersih", "berat", "netto", "berat gram"),
    "stock": ("Stok", "jumlah", "sisa"),
    "description": ("Keterangan", "deskripsi", "isi"),
    "ingredients": ("Bahan", "komposisi"),
    "allergens": ("Pemicu alergi", "alergi", "alergen"),
    "origin": ("Asal bahan", "asal"),
    "warnings": ("Peringatan", "peringatan label"),
    "keeps": ("Tahan (hari)", "tahan", "tahan berapa lama", "masa simpan"),
    "storage": ("Cara simpan", "simpan", "penyimpanan"),
    "way": ("Cara jual", "cara dijual"),
    "lead": ("Hari tunggu", "lama dibuat", "dibuat berapa hari"),
    "capacity": ("Paling banyak sehari", "sanggup sehari", "kapasitas sehari"),
    "pickup": ("Diambil di lapak", "ambil di lapak"),
    "delivery": ("Ikut diantar", "diantar", "diantar km", "diantar sampai km"),
    "bazaars": ("Dijual di bazar", "bazar"),
}
NEEDED: Final = ("name", "price", "unit")
# What is said of a whole product stands in its first line; further lines name further choices of it.
OF_PRODUCT: Final = (
    "name", "category", "description", "ingredients", "allergens", "origin", "warnings", "keeps", "storage", "pickup",
    "delivery", "bazaars",
)  # fmt: skip
LONGEST: Final = {
    "code": 60,
    "name": 120,
    "choice": 60,
    "unit": 30,
    "category": 80,
    "description": 2000,
    "ingredients": 1000,
}
SHORTEST_NAME: Final = 3
Mark = tuple[str, str]


@dataclass
class Entry:
    """What one line says; an empty cell says nothing and leaves what is known as it is.

    `head` is the first line of its product, mostly itself.
    """

    line: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Mark] = field(default_factory=list)
    head: int = 0


_HEADS: Final = {plain(head): column for column, heads in COLUMNS.items() for head in heads}


def find_heads(cells: Sequence[object]) -> dict[str, int] | None:
    """Return where each column stands if this line is the head of a list, None if it is a title or a note.

    >>> find_heads(["No", "Nama Barang", "Harga"]), find_heads(["Daftar produk 2026"])
    ({'name': 1, 'price': 2}, None)
    """
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        column = _HEADS.get(plain(cell)) if isinstance(cell, str) else None
        if column is not None:
            found.setdefault(column, at)
    return found if "name" in found and len(found) > 1 else None


def read_line(line: int, cells: Sequence[object], heads: Mapping[str, int]) -> Entry:
    """Read one line.

    >>> read_line(2, ["Telur asin", "12rb", "butir"], {"name": 0, "price": 1, "unit": 2}).said["price"]
    12000
    >>> read_line(2, ["Telur asin", "gratis", "butir"], {"name": 0, "price": 1, "unit": 2}).problems
    [('price', 'money')]
    """
    entry = Entry(line)
    for column, at in heads.items():
        cell = cells[at] if at < len(cells) else None
        try:
            value = _read(column, cell)
        except Wrong as wrong:
            entry.problems.append((column, wrong.reason))
            continue
        if value is not None:
            entry.said[column] = value
    return entry


def _read(column: str, cell: object) -> Any:
    if isinstance(cell, Enum):  # a formula, a merged or a broken cell
        raise Wrong(str(cell.value))
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    said = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return _READERS[column](text.bare(said.strip()))


def _text(column: str) -> Callable[[str], str | None]:
    def reader(said: str) -> str | None:
        clean = text.clean_block if column in {"description", "ingredients"} else text.clean_line
        found = clean(said)
        if len(found) > LONGEST[column]:
            raise Wrong("long")
        if text.is_garbled(found):
            raise Wrong("garbled")
        if column in {"name", "unit", "choice"} and not text.has_letters(found):
            raise Wrong("letters")
        if column == "name" and len(found) < SHORTEST_NAME:
            raise Wrong("short")
        return found or None

    return reader


def _money(said: str) -> int:
    try:
        price = Rupiah.parse(said)
    except Unclear:
        raise Wrong("money") from None
    if not LEAST_PRICE <= price <= MOST_PRICE:
        raise Wrong("price")
    return price.amount


def _grams(said: str) -> int:
    try:
        grams = quantities.parse_grams(said)
    except Unclear:
        raise Wrong("weight") from None
    if not grams:
        raise Wrong("weight")
    return grams


def _count(said: str) -> int:
    try:
        found = quantities.parse_count(said)
    except Unclear:
        raise Wrong("count") from None
    if found > MOST_QUANTITY:
        raise Wrong("count")
    return found


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "price": _money,
    "weight": _grams,
    "stock": _count,
    **READERS,
    **{column: _text(column) for column in LONGEST},
}


def name_of(entry: Entry) -> str:
    """Return what tells a line from others in its list: its code, else its name."""
    return plain(entry.said.get("code") or entry.said.get("name") or "")


def arrange(entries: Sequence[Entry]) -> None:
    """Put the lines of one product together, each further one by its choice; find those that mean the same.

    A line that names only its choice belongs to the product above it.

    >>> lines = [
    ...     Entry(2, {"name": "Telur", "choice": "Isi 5"}),
    ...     Entry(3, {"choice": "Isi 10"}),
    ...     Entry(4, {"name": "Kue"}),
    ... ]
    >>> arrange(lines)
    >>> [(each.head, name_of(each), each.problems) for each in lines]
    [(2, 'telur', []), (2, 'telur', []), (4, 'kue', [])]
    """
    first: dict[str, int] = {}
    seen: dict[tuple[str, str], int] = {}
    above: Entry | None = None
    for entry in entries:
        unread = {column for column, _reason in entry.problems}
        if above is not None and "choice" in entry.said and not name_of(entry) and not unread & {"code", "name"}:
            entry.said |= {column: above.said[column] for column in ("code", "name") if column in above.said}
        name, choice = name_of(entry), plain(entry.said.get("choice", ""))
        entry.head, above = first.setdefault(name, entry.line) if name else entry.line, entry
        same = seen.get((name, choice)) or (entry.head if entry.head != entry.line and not choice else None)
        if name and same:
            entry.problems.append(("code" if "code" in entry.said else "name", f"twice:{same}"))
        seen.setdefault((name, choice), entry.line)
