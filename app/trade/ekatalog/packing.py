"""The package itself: plain values in, the same bytes out, always.

Order, timestamps and rights of the files are fixed and nothing is compressed: no newer library changes a byte.
No NIK, KK or family can be in it: what may be one stops the packing (spec/ekatalog.md invariants 2 and 7).
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.kit import nik

# The oldest moment that a ZIP can name.
MOMENT: Final = (1980, 1, 1, 0, 0, 0)
RIGHTS: Final = 0o644 << 16
UNIX: Final = 3
STEPS: Final = {
    "v6": """  1. Masuk ke akun penyedia yang terhubung dengan NIB penjual.
  2. Tambah produk, pilih kategori {category}.
  3. Salin nama, harga, satuan, berat dan keterangan dari produk.csv.
  4. Unggah foto/ urut nomor, lalu dokumen/ bila diminta.
  5. Simpan bukti kirim, lalu catat tanggal dan nomornya di halaman pengajuan ini.
""",
    "v5": """  1. Masuk ke akun SPSE penyedia; data kualifikasinya sudah ada di SIKaP.
  2. Buka pengumuman etalase {category} yang sedang berlaku, lalu daftar.
  3. Tambah produk: nama (terkunci sesudah disimpan), nomor produk, satuan dan harga kabupaten dari produk.csv.
  4. Unggah foto/ urut nomor, lalu lampirkan dokumen/.
  5. Simpan bukti kirim, lalu catat tanggal dan nomornya di halaman pengajuan ini.
""",
}
CELL_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class HoldsIdentity(ValueError):
    """What may be a NIK or KK stands in `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a package: fields of the product, rows of the checklist, photos and papers as bytes by name.

    `profile` is the version of the catalogue that it is for, `category` the name there; the manifest holds both.
    """

    code: str
    profile: str
    category: str
    fields: Mapping[str, Any]
    profiles: Mapping[str, Mapping[str, Any]]
    checklist: Sequence[tuple[str, str, str]]
    photos: Sequence[bytes]
    papers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Package:
    """The bytes, their hash, and the hash of each file inside."""

    data: bytes
    sha256: str
    files: Mapping[str, str]


def pack(contents: Contents) -> Package:
    """Make the package.

    Raises:
        HoldsIdentity: a text holds what may be a NIK or KK.
    """
    texts = {
        "README.txt": _readme(contents),
        "checklist.html": _checklist(contents),
        "produk.csv": _csv(contents.profiles[contents.profile]),
    }
    files = {path: text.encode() for path, text in texts.items()}
    files |= {f"dokumen/{name}.jpg": data for name, data in contents.papers.items()}
    files |= {f"foto/{number:02}.jpg": data for number, data in enumerate(contents.photos, 1)}
    hashes = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    manifest = {
        "format": 1,
        "pengajuan": contents.code,
        "produk": contents.fields,
        "profil": contents.profiles,
        "berkas": hashes,
    }
    texts["manifest.json"] = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    files["manifest.json"] = texts["manifest.json"].encode()
    for path, text in texts.items():
        if nik.found_in(text):
            raise HoldsIdentity(path)
    data = _zip(files)
    return Package(data, hashlib.sha256(data).hexdigest(), hashes)


def _zip(files: Mapping[str, bytes]) -> bytes:
    """Write the files in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, MOMENT)
            info.external_attr, info.create_system = RIGHTS, UNIX
            archive.writestr(info, files[path])
    return out.getvalue()


def cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula.

    >>> cell("=1+1"), cell(12000), cell(None)
    ("'=1+1", '12000', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(CELL_STARTS) else text


def _csv(fields: Mapping[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    writer.writerow(cell(value) for value in fields.values())
    return out.getvalue()


def _checklist(contents: Contents) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(title)}</td><td>{html.escape(result)}</td><td>{html.escape(note)}</td></tr>\n"
        for title, result, note in contents.checklist
    )
    name = html.escape(str(contents.fields["nama"]))
    return (
        '<!doctype html>\n<html lang="id"><head><meta charset="utf-8">'
        f"<title>Daftar periksa {name}</title></head>\n<body><h1>Daftar periksa e-Katalog: {name}</h1>\n"
        f"<p>Pengajuan {html.escape(contents.code)}</p>\n<table>\n"
        f"<thead><tr><th>Butir</th><th>Hasil</th><th>Catatan</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
        "<p>Diperiksa dan ditandatangani dua petugas. Isi berkas ini dikunci.</p></body></html>\n"
    )


def _readme(contents: Contents) -> str:
    steps = STEPS[contents.profile].format(category=contents.category)
    return f"""Paket e-Katalog: {contents.fields["nama"]}
Pengajuan {contents.code}

Isi paket
  produk.csv      satu baris, urut seperti langkah "tambah produk" di e-Katalog versi {contents.profile[1:]}
  foto/           foto produk, urut tampil
  dokumen/        foto surat izin usaha dan izin edar
  checklist.html  hasil pemeriksaan, bisa dicetak
  manifest.json   semua isian untuk versi 6 dan versi 5, dan sidik SHA-256 tiap berkas

Langkah unggah
{steps}
Nomor pajak dan data keluarga tidak ada di paket ini. Isi langsung oleh penjual bila diminta.
"""
