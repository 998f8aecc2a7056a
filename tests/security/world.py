"""A small market with one of everything, twice: hers and somebody else's, here and in another kabupaten.

Every secret and every personal fact in it is a canary: a value that stands nowhere else, so that a scan finds it
wherever it leaks. `SUBJECTS` says what may stand in an address; a route whose address holds something else fails the
walk until this file knows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from app.core import audit
from app.core.clock import now, today
from app.core.db import db, transaction
from app.core.pictures import Master
from app.core.vault import token_hash
from app.goods.categories.models import MarketWord
from app.goods.products import drafting
from app.goods.products.models import Product
from app.goods.shops.models import SellingRequest, Shop
from app.goods.spreadsheets import operations as spreadsheets
from app.growth.capital.operations import Thing
from app.growth.graduation import letters, rulemaking, trials
from app.growth.graduation import queries as growth
from app.growth.mentoring.agreed import Agreed, list_of_visit
from app.growth.mentoring.models import MonitoringVisit
from app.kit.rupiah import Rupiah
from app.office.notices import links as mail_links
from app.office.requests import chapters
from app.office.requests import operations as data_requests
from app.people.accounts.models import Account, WebSession
from app.people.accounts.queries import list_devices
from app.people.families import operations as families
from app.people.families.models import Kpm
from app.trade.bazaars.models import Application, Bazaar
from app.trade.cashbook import operations as cashbook
from app.trade.notebook import operations as notebook
from app.trade.notebook.rules import Note
from app.trade.orders import links, queries
from app.trade.orders.meeting import Doorstep
from app.trade.orders.models import Order, OrderGroup
from app.trade.returns import operations as complaints
from app.trade.returns.models import ReturnCase
from tests.factories import bazaars, ekatalog, offices, procurement, stalls
from tests.factories.capital import kept_photo, make_proved, make_verified
from tests.factories.families import make_business, make_consent, make_enrollment, make_kpm, make_list, make_stack
from tests.factories.files import make_file
from tests.factories.goods import (
    category_id,
    make_product,
    make_revision,
    make_shop,
    make_waiting_product,
    revision_of,
    variant_of,
)
from tests.factories.growth import make_appeal, make_case, make_draft, make_graduation, make_proposal
from tests.factories.mentoring import make_visit
from tests.factories.notices import make_mail
from tests.factories.payments import make_claim, make_means
from tests.factories.people import make_account, make_card, make_device
from tests.factories.reports import make_report
from tests.factories.requests import make_data_request, propose_erasure
from tests.factories.returns import complain, photo, turned_down
from tests.factories.reviews import make_review
from tests.factories.sales import make_sale
from tests.factories.tickets import answer_ticket, make_ticket
from tests.factories.trade import accepted_order, brought_order, handed_order, place_group, place_order, ready_order

STAFF = ("pendamping", "curator", "caseworker", "approver", "head", "steward", "admin", "partner")
FAR = {"regency_code": "36.01", "kecamatan_code": "36.01.01", "desa_code": "36.01.01.2001"}
NEXT_DOOR = {"kecamatan_code": "36.04.12", "desa_code": "36.04.12.2001"}

CANARIES = {
    "seller_phone": "+6281370000101",
    "seller_name": "Kanaria Penjual",
    "rival_phone": "+6281370000202",
    "buyer_phone": "+6281370000303",
    "buyer_name": "Kanaria Pembeli",
    "buyer_note": "catatan kanaria pagar biru",
    "buyer_door": "Gang Kanaria RT 09 RW 03 pagar ungu",
    "complaint": "kanaria retak di sisi kiri",
    "reporter_phone": "+6281370000505",
    "wish_phone": "+6281370000404",
    "wish_name": "Kanaria Peminat",
    "family_name": "Kanaria Keluarga Sarinah",
    "family_nik": "3604274101810000",
    "family_kk": "3604270101999999",
    "family_phone": "+6281370000707",
    "family_address": "Kampung Kanaria Pasir",
    "programme_day": "2019-04-17",
    "desil_day": "2024-02-29",
    "grant_thing": "Panci kanaria tembaga",
    "visit_words": "Kanaria bercerita di teras",
    "move_reason": "Kanaria sudah punya pelanggan tetap",
    "graduation_day": "2023-05-30",
    "graduation_number": "470/KANARIA/LULUS",
    "pin": "730591",
    "password": "kanaria sandi lampu kayu",
    "totp_secret": "KANARIA2KANARIA2KANARIA2KANARIA2",
    "card_code": "KN4R2SND7CRD9",
    "device_token": "kanaria-token-hp-rahasia",
    "staff_username": "kanaria.petugas",
}

# Marks of the programme: days on which nothing else happened tell as much as a word.
MARKED = {name: date.fromisoformat(value) for name, value in CANARIES.items() if name.endswith("_day")}


@dataclass
class World:
    """Who lives there, and what may stand in an address: `near` is the seller's, `rival` and `far` are others'."""

    people: dict[str, Account] = field(default_factory=dict)
    near: dict[str, list[str]] = field(default_factory=dict)
    rival: dict[str, list[str]] = field(default_factory=dict)
    far: dict[str, list[str]] = field(default_factory=dict)
    signed: dict[str, str] = field(default_factory=dict)
    token: str = ""
    grown: int = 0


def build() -> World:
    """Make the market."""
    world = World()
    world.people = _people()
    world.near, orders, group = _stall(world.people["seller"], {}, CANARIES["wish_name"], CANARIES["wish_phone"])
    world.rival, _orders, _group = _stall(world.people["rival"], NEXT_DOOR, "Peminat Dua", "+6281370000405")
    world.far, _orders, _group = _stall(world.people["seller_far"], FAR, "Peminat Jauh", "+6281370000406")
    _families(world)
    with transaction():  # what she did last stands on the first page of every log
        audit.record(world.people["seller"], "shop.opened_again", "shop:" + world.near["shop_id"][0])
    world.signed = {order.code: links.link_signature(order.code) for order in orders}
    world.token = group.token
    return world


def grow(world: World, times: int) -> None:
    """Let so many neighbours move in, each with all that the seller has, and let her own shop go on as often."""
    shop = db.session.get_one(Shop, int(world.near["shop_id"][0]))
    for number in range(world.grown, world.grown + times):
        side, _orders, _group = _stall(make_account(), {}, f"Peminat baru {number}", f"+62813700007{number:02d}")
        _family(side, {})
        _go_on(shop, number)
    world.grown += times


def _go_on(shop: Shop, number: int) -> None:
    """Another product, order, report, bazaar, round and sale of the same seller; another list that she waits for."""
    owner = shop.owner
    product = make_product(shop, f"Telur asin nomor {number}", qty=40)
    make_waiting_product(shop, f"Keripik nomor {number}")
    make_report(product, "photo", contact=f"+62813700008{number:02d}")
    place_order(product, 2)
    ready_order(product, owner)
    handed_order(product, owner)
    _add_bazaars({"slug": [], "submission_id": []}, owner, shop)
    _rounds(product)
    _note(owner, shop, f"lagi {number}")
    _goods_list(owner, shop)


def _people() -> dict[str, Account]:
    secrets = {"password": CANARIES["password"], "totp_secret": CANARIES["totp_secret"]}
    people = {
        "seller": make_account(name=CANARIES["seller_name"], phone=CANARIES["seller_phone"], pin=CANARIES["pin"]),
        "rival": make_account(phone=CANARIES["rival_phone"]),
        "seller_far": make_account(region_code="36.01"),
        "curator": make_account("curator", username=CANARIES["staff_username"], **secrets),
        "pendamping_far": make_account("pendamping", region_code="36.01", areas=["36.01.01"]),
        "curator_far": make_account("curator", region_code="36.01"),
    }
    people |= {role: make_account(role) for role in STAFF if role != "curator"}
    make_card(people["seller"], CANARIES["card_code"])
    for owner in ("seller", "rival", "seller_far"):
        token = CANARIES["device_token"] if owner == "seller" else f"hp {owner}"
        make_device(people[owner], token)
    return people


def _stall(
    owner: Account, place: dict[str, str], wish_name: str, wish_phone: str
) -> tuple[dict[str, list[str]], list[Order], OrderGroup]:
    shop = make_shop(owner, **place)
    product, waiting = make_product(shop, qty=40), make_waiting_product(shop)
    make_revision(product, name="Telur asin asap")
    near = owner.phone == CANARIES["seller_phone"]
    make_report(product, "photo", contact=CANARIES["reporter_phone"] if near else "+6281370000506")
    given = {"name": CANARIES["buyer_name"], "phone": CANARIES["buyer_phone"], "note": CANARIES["buyer_note"]}
    if wish_name != CANARIES["wish_name"]:
        given = {}
    orders = [
        place_order(product, **given),
        ready_order(product, owner, **given),
        handed_order(product, owner, **given),
    ]
    make_means(owner, shop)
    paid, proof_id = make_claim(product, owner, **given)
    unpaid = accepted_order(product, owner, method="qris_seller", **given)
    complained = handed_order(product, owner, **given)
    case = _complaint(complained, owner, CANARIES["complaint"] if near else "Pecah dua butir")
    door = {"to": Doorstep(shop.kecamatan_code, CANARIES["buyer_door"])} if given else {}
    orders += [paid, unpaid, complained, brought_order(product, **given, **door)]
    group = place_group((variant_of(product), 1), **given)
    orders += queries.list_of_group(group.id)
    wish = _wish(shop, wish_name, wish_phone)
    subjects = _subjects(owner, shop, [product, waiting], orders, wish, group) | _rounds(product) | _for_office(product)
    subjects["proof_id"], subjects["payments.code"] = [str(proof_id)], [unpaid.code]
    subjects["returns.code"], subjects["return_id"] = [complained.code], [str(case.id)]
    subjects["tickets.code"] = [make_ticket(regency_code=shop.regency_code).code]
    subjects["notices.token"] = [mail_links.token_of(make_mail(owner, confirmed=False), mail_links.until())]
    answer_ticket(make_ticket("Sudah selesai.", regency_code=shop.regency_code))
    subjects["reviews.code"] = [orders[2].code]
    subjects["review_id"] = [str(make_review(handed_order(product, owner)).id)]
    make_review(handed_order(product, owner), 1, "Hubungi 0812 3333 4444 saja")
    if owner.phone == CANARIES["seller_phone"]:
        subjects["submission_id"].append(str(_signed_round(shop)))
    return _add_bazaars(subjects, owner, shop), orders, group


def _complaint(order: Order, owner: Account, words: str) -> ReturnCase:
    """A complaint with its photo, to which its seller said no and its buyer objected."""
    case = turned_down(complain(order, words=words, picture=photo()), owner)
    with transaction():
        complaints.escalate(case, version=case.version)
    return case


def _for_office(product: Product) -> dict[str, list[str]]:
    """An order of an office, with its first paper."""
    request = offices.order_for_office((product, 3))
    (order,) = offices.parts_of(request)
    (paper,) = offices.papers_of(order)
    return {
        "offices.token": [request.group.token],
        "offices.code": [order.code],
        "office_paper_id": [str(paper.id)],
        "paper_code": [paper.code],
    }


def _add_bazaars(subjects: dict[str, list[str]], owner: Account, shop: Shop) -> dict[str, list[str]]:
    """A call she answered, an announced bazaar where she waits, a draft to change and one to sign; what was asked and
    objected to.
    """
    curator = make_account("curator", region_code=shop.regency_code)
    bazaars.make_draft(curator)
    call = bazaars.make_call(by=curator)
    asks = bazaars.apply_to(call, shop)
    shown, waits = bazaars.make_waiting(shop, curator)
    draft = bazaars.make_draft(curator)
    with transaction():
        proposal = bazaars.operations.ask_to_open(draft, by=curator)
        question = bazaars.applying.ask(call, "Boleh bawa kompor?", by=owner)
        objection = bazaars.applying.object_to(waits, "Mohon diperiksa lagi", by=owner)
    here, pass_id, sale_id, told = _add_stalls(owner, shop, curator)
    return subjects | {
        "bazaar_id": [str(each) for each in (here.bazaar_id, call.id, shown.id, told.bazaar_id)],
        "application_id": [str(each.id) for each in (asks, waits)],
        "place_id": [str(each.id) for each in (here, told)],
        "signed_id": [str(stalls.queries.get_report(told.bazaar_id).id)],
        "pass_id": [str(pass_id)],
        "bazaar_photo_id": [_pictured(here.bazaar, curator)],
        "basket_id": [str(sale_id)],
        "proposal_id": [str(proposal.id)],
        "question_id": [str(question.id)],
        "objection_id": [str(objection.id)],
        "slug": [*subjects["slug"], call.slug],
    }


def _pictured(bazaar: Bazaar, curator: Account) -> str:
    """A photo of a bazaar that runs, and something that went wrong there."""
    with transaction():
        told = stalls.Happened("weather", now(), "Tenda roboh ditiup angin")
        stalls.happening.record(bazaar, told, "kanaria", by=curator)
        return str(stalls.happening.add_photo(bazaar, Master(b"a photo", 1, 1), "Pembukaan", "kanaria", by=curator).id)


def _rounds(product: Product) -> dict[str, list[str]]:
    """Begin a round of the e-Katalog with a photo, a paper and something seen outside."""
    case, photo, permit, seen = ekatalog.begun(product)
    bought = procurement.order(case, by=make_account("curator", region_code=case.shop.regency_code))
    return {
        "government_order_id": [str(bought.order.id)],
        "government_paper_id": [str(bought.papers[0].id)],
        "submission_id": [str(case.submission.id)],
        "photo_id": [str(photo)],
        "permit_id": [str(permit)],
        "outside_id": [str(seen)],
        "category_code": [ekatalog.CATEGORY],
    }


def _signed_round(shop: Shop) -> int:
    """Make a round whose package is frozen."""
    product = make_product(shop, "Telur asin bakar")
    with transaction():
        revision_of(product).net_weight_g = variant_of(product).net_weight_g = 375
    return ekatalog.exported(ekatalog.approved(ekatalog.sent(product))).submission.id


def _add_stalls(owner: Account, shop: Shop, curator: Account) -> tuple[Application, int, int, Application]:
    """A stall of today that sold something and has a helper, and one of a bazaar that is reported."""
    here, told = stalls.make_place(shop, curator), stalls.make_place(shop, curator, over=True)
    with transaction():
        found, _code = stalls.passes.issue(here.bazaar, "Relawan Kanaria", [here.id], by=curator)
        (good, *_rest) = stalls.queries.list_goods(here)
        basket = stalls.Basket(f"kanaria-{here.id}", "cash", (stalls.Line(good.variant_id, good.name, good.price, 1),))
        sale = stalls.operations.sell(here, basket, by=stalls.Hand(owner))
    with transaction():
        result = stalls.Result(cash=good.price, other=good.price)
        settled = stalls.settling.submit(told, result, by=stalls.Hand(owner))
        stalls.settling.sign(settled, 1, by=make_account("curator", region_code=shop.regency_code))
        stalls.reporting.freeze(told.bazaar, by=curator)
    return here, found.id, sale.id, told


def _families(world: World) -> None:
    """Give each shop the family behind it, with everything that is known of one, and a list that waits."""
    told = {name: CANARIES[f"family_{name}"] for name in ("name", "nik", "kk", "phone", "address")}
    for side, given in ((world.near, told), (world.rival, {}), (world.far, {})):
        _family(side, given)


def _family(side: dict[str, list[str]], given: dict[str, str]) -> None:
    """Put a family behind the shop of a side; `given` marks the one whose facts are canaries."""
    shop = db.session.get_one(Shop, int(side["shop_id"][0]))
    officer = make_account("caseworker", region_code=shop.regency_code)
    kpm = make_kpm(officer, desa_code=shop.desa_code, **given)
    enrollment = make_enrollment(kpm, "pkh", officer, **({"started_on": MARKED["programme_day"]} if given else {}))
    business = make_business(kpm, shop, officer)
    batch = make_list(officer, desa=shop.desa_code, **({"name": given["name"]} if given else {}))
    side |= {"kpm_id": [str(kpm.id)], "business_id": [str(business.id)], "batch_id": [str(batch.id)]}
    side["enrollment_id"] = [str(enrollment.id)]
    side["account_batch_id"] = [str(make_stack(officer, shop.desa_code).id)]
    if given:
        with transaction():
            families.note_desil(kpm, 2, MARKED["desil_day"], by=officer)
    pan = Thing(CANARIES["grant_thing"], 1, "buah", Rupiah(800_000))
    grant, receipt = make_proved(kpm, **({"things": (pan,)} if given else {}))
    visit = _visited(kpm, marked=bool(given))
    side |= {
        "grant_id": [str(grant.id)],
        "receipt_id": [str(receipt.id)],
        "capital.proposal_id": [str(make_verified(kpm, photo=kept_photo()).id)],
        "data_request_id": [_correction(kpm, shop.owner)],
        "erasure_id": [_erasure(shop.owner)],
        "visit_id": [str(visit.id)],
        "action_id": [str(each.id) for each in list_of_visit(visit.id)],
        **_growth(kpm, officer, marked=bool(given)),
    }


def _visited(kpm: Kpm, *, marked: bool) -> MonitoringVisit:
    """A visit at which she told something."""
    said = CANARIES["visit_words"] if marked else "Menambah etalase"
    agreed = [Agreed(said, "family", today("Asia/Jakarta"))]
    return make_visit(kpm, photo=kept_photo(), agreed=agreed, **({"said": said} if marked else {}))


def _growth(kpm: Kpm, officer: Account, *, marked: bool) -> dict[str, list[str]]:
    """Follow a family: a move and an objection that wait, a letter with its scan, rules that nobody let hold yet."""
    make_consent(kpm, by=officer)
    make_case(kpm, officer)
    move = make_proposal(kpm, **({"reason": CANARIES["move_reason"]} if marked else {}))
    appeal = make_appeal(kpm)
    left = {"stated_on": MARKED["graduation_day"], "number": CANARIES["graduation_number"]}
    statement = make_graduation(kpm, **(left if marked else {}))
    with transaction():
        letters.add_scan(statement, kept_photo(), by=officer)
    draft, day = make_draft(kpm.regency_code), today("Asia/Jakarta")
    with transaction():
        # Whoever may not see families meets neither the family nor so small a count.
        counts = {"areas": {kpm.kecamatan_code: [1, 0, 1, 1, 0]}, "who": [[kpm.id, 1]]}
        rulemaking.keep_trial(draft.id, trials.begin(day, growth.rules_for(kpm.regency_code, day).id) | counts)
    return {
        "move_id": [str(move.id)],
        "appeal_id": [str(appeal.id)],
        "graduation_id": [str(statement.id)],
        "rule_set_id": [str(draft.id), str(growth.rules_for(kpm.regency_code, day).id)],
    }


def _wish(shop: Shop, name: str, phone: str) -> SellingRequest:
    wish = SellingRequest(
        key=f"kunci-{phone}", name=name, phone=phone, desa_code=shop.desa_code, regency_code=shop.regency_code,
        makes="Kue kering",
    )  # fmt: skip
    with transaction() as session:
        session.add(wish)
    return wish


def _statement(owner: Account, shop: Shop) -> str:
    """A statement of her last months, in which something was sold."""
    make_sale(shop, sold_on=now().date() - timedelta(days=40))
    with transaction():
        return notebook.make_statement(shop, 12, f"surat:{owner.id}", by=owner).code


def _note(owner: Account, shop: Shop, key: str = "") -> int:
    """A sale of her notebook, with its photo."""
    sold_on = now().date() - timedelta(days=2)
    note = Note(f"notebook:{owner.id}{key}", 1, Rupiah(5_000), sold_on, free_text="Opak", has_photo=True)
    with transaction():
        return notebook.write_down(shop, note, by=owner, photo=Master(b"a photo", 1, 1))[0].id


def _cash(owner: Account, shop: Shop) -> int:
    """An entry of her cash book."""
    with transaction():
        entry = cashbook.write_down(
            shop, "expense", Rupiah(40_000), today("Asia/Jakarta"), "Gas", key=f"kas-contoh-{owner.id:06}"
        )
        return entry.id


def _subjects(
    owner: Account, shop: Shop, products: list[Product], orders: list[Order], wish: SellingRequest, group: OrderGroup
) -> dict[str, list[str]]:
    """Return what may stand in an address, by the name of its part."""
    revisions = [revision_of(product, "waiting") for product in products]
    with transaction() as session:
        row = WebSession(token_hash=token_hash(f"of {owner.id}"), account_id=owner.id, label="", idle_seconds=900)
        session.add(row)
    devices = [device.id for device in list_devices(owner.id)]
    return {
        "shop_id": [str(shop.id)],
        "product_id": [str(product.id) for product in products],
        "draft_id": [_draft(shop)],
        "variant_id": [str(variant_of(product).id) for product in products],
        "reports.product_id": [str(products[0].id)],
        "revision_id": [str(revision.id) for revision in revisions],
        "request_id": [str(wish.id)],
        "session_id": [str(row.id)],
        "device_id": [str(number) for number in devices],
        "file_id": [str(make_file(owner).id)],
        "list_id": [str(_goods_list(owner, shop))],
        "category_id": [str(category_id())],
        "reason": ["foto-gelap"],
        "sector": ["semua"],
        "which": ["kata-pencarian", "kata-bukan-pirt"],
        "word_id": [str(db.session.scalar(select(MarketWord.id).limit(1)))],
        "group": ["dinas"],
        "definition": ["lapak-menjual"],
        "part": ["1"],
        "kind": ["salinan", "perbaiki", "hapus"],
        "chapter": [each.word for each in chapters.ALL],
        "account_id": [str(make_account("approver", region_code=shop.regency_code).id)],
        "code": [order.code for order in orders],
        "token": [group.token],
        "sale_id": [str(_note(owner, shop))],
        "cash_id": [str(_cash(owner, shop))],
        "entry_kind": ["pengeluaran"],
        "statement_code": [_statement(owner, shop)],
        "slug": [shop.slug, products[0].slug, "telur-asin"],
    }


def _goods_list(owner: Account, shop: Shop) -> int:
    """A list of goods that waits for her yes."""
    with transaction():
        return spreadsheets.stage(b"Nama;Harga;Satuan\nKeripik daftar;12rb;bungkus\n", shop, by=owner).id


def _draft(shop: Shop) -> str:
    """A new product that was begun."""
    with transaction():
        return str(drafting.save(shop, "kanaria-draf-kanaria", {"nama": "Kanaria draf"}, None, version=0).id)


def _correction(kpm: Kpm, owner: Account) -> str:
    """A wish to have something set right that was handed to those who keep it."""
    asked = make_data_request("correct", owner, kpm=kpm, words="Desa salah")
    with transaction():
        data_requests.hand_to(asked, "pendamping", by=make_account("steward", region_code=owner.region_code))
    return str(asked.id)


def _erasure(owner: Account) -> str:
    """A wish to be forgotten that waits for the second signature."""
    asked = make_data_request("erase", owner)
    propose_erasure(asked, make_account("steward", region_code=owner.region_code))
    return str(asked.id)
