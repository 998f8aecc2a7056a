"""Files that the worker makes on order are opened as well: each kind, for everybody who may order it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.db import db
from app.goods.products.models import Variant
from app.people.families.queries import get_kpm
from app.people.files import operations as files
from app.trade.stalls.models import Report
from tests.factories.requests import make_data_request
from tests.security import kept
from tests.security.test_canaries import canaries_in
from tests.support.paper import readable

ROWS = list(csv.DictReader(Path(__file__).with_name("on_order.csv").read_text(encoding="utf-8").splitlines()))


def orders(world) -> dict[str, tuple[str, str, dict[str, object]]]:
    """Return how each kind is ordered: method, address, and what goes along."""
    product = world.near["product_id"][0]
    variant = db.session.scalar(select(Variant.id).where(Variant.product_id == int(product)))
    copy = make_data_request("copy", world.people["seller"], kpm=get_kpm(int(world.near["kpm_id"][0])))
    jobs.run_due()  # opens the accounts whose cards are drawn
    stack = f"/dinsos/keluarga/akun-penjual/{world.near['account_batch_id'][0]}/kartu"
    made = f"/dinsos/permintaan-data/{copy.id}/berkas"
    held = db.session.get_one(Report, int(world.near["signed_id"][0])).bazaar_id
    many = {"ukuran": "kecil", "jumlah": "100", "pilihan": variant}
    return {
        "goods.labels": ("GET", f"/jualan/produk/{product}/label.pdf", many),
        "goods.booklet": ("POST", f"/dampingan/penjual/{world.near['shop_id'][0]}/buku-katalog", {}),
        "personal-copy-json": ("POST", made, {"bentuk": "json"}),
        "personal-copy-pdf": ("POST", made, {"bentuk": "pdf"}),
        "audit-export": ("POST", "/dinsos/catatan/unduh", {}),
        "audit-chain": ("POST", "/dinsos/catatan/periksa", {}),
        "access-export": ("POST", "/dinsos/akses/unduh", {}),
        "seller-cards": ("POST", stack, {}),
        "bazaar-report": ("POST", f"/dinsos/bazar/{held}/laporan", {"langkah": "pdf"}),
        "insights-report": ("POST", "/dinsos/ringkasan/pdf", {}),
        "insights-workbook": ("POST", "/dinsos/ringkasan/excel", {}),
    }


def test_every_kind_is_ordered_here(app, world):
    assert set(orders(world)) == set(files._builders) == {row["kind"] for row in ROWS}


@pytest.mark.parametrize("kind", [row["kind"] for row in ROWS])
def test_a_file_on_order_holds_only_what_its_row_names(app, world, kind):
    row = next(each for each in ROWS if each["kind"] == kind)
    method, address, sent = orders(world)[kind]
    may = set()

    for who in kept.VIEWERS:
        client = kept.browser(app, world, who)
        given = {"query_string": sent} if method == "GET" else {"data": sent}
        location = client.open(address, method=method, **given).location or ""
        if not location.startswith("/saya/berkas/"):
            continue
        may.add(who)
        jobs.run_due()
        answer = client.get(f"{location}/unduh")
        found = canaries_in(f"{answer.headers}\n{readable(answer.get_data())}")

        assert answer.status_code == 200
        assert found == set(filter(None, row["holds"].split(";"))), who

    assert may == set(row["who"].split(";"))
