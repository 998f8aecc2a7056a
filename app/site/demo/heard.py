"""What people said once goods were there: reviews, complaints, reports, and what an office and a doorstep ordered.

All of it goes through the operations of people, a little of everything, so that no desk is empty on the first day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.delivery import operations as delivery
from app.goods.delivery.queries import list_places
from app.goods.products.models import Product
from app.goods.reports import operations as reports
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from app.goods.stock.rules import Cause
from app.kit.rupiah import ZERO, Rupiah
from app.office.requests import operations as requests
from app.office.tickets import operations as tickets
from app.office.tickets import queries as complaints
from app.people.accounts.models import Account
from app.people.accounts.queries import find_staff
from app.site.demo import people, queries
from app.site.demo.plan import REGENCY, ZONE, Plan
from app.site.demo.trade import Ware
from app.trade.cashbook import operations as cashbook
from app.trade.notebook import operations as notebook
from app.trade.notebook.rules import Note
from app.trade.offices import operations as offices
from app.trade.offices import planning
from app.trade.offices.operations import Asked
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.orders.meeting import Doorstep, Need
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.rules import Block, Checkout, Wanted
from app.trade.returns import operations as returns
from app.trade.reviews import operations as reviews

KEY: Final = "demo-ticket-{}"
# (kind, what happened); the last is answered.
TICKETS: Final = (
    ("order", "Uang sudah saya kirim hari Senin, pesanannya belum ada kabar."),
    ("officer", "Kantor tutup waktu saya mau mengantar surat usaha."),
    ("site", "Foto produk saya tidak mau masuk dari HP lama."),
)
ANSWER: Final = "Sudah kami coba di HP yang sama. Kecilkan fotonya dulu, atau titip ke pendamping desa."
# Stars and words; the first is answered, the last waits for a curator.
REVIEWS: Final = (
    (5, "Masir, tidak amis. Anak-anak suka."),
    (5, ""),
    (4, "Enak, kemasannya bisa lebih rapat."),
    (5, "Sampai utuh, dibungkus kertas tebal."),
    (3, "Lumayan, agak asin buat saya."),
    (4, ""),
    (5, "Selalu pesan di sini untuk hajatan."),
    (2, "Kurang cocok. Kalau mau yang lain hubungi 0812 0000 0000."),
)
THANKS: Final = "Terima kasih, Bu. Besok kami bungkus lebih rapat."
WRONG: Final = "Nama kampung di data saya keliru: seharusnya Kp. Kadu."
FEAST: Final = Rupiah(4_000_000)
# The words of the P2K2 module: what came beside the sales, what went, what was put in and put aside.
CASH: Final = (
    ("capital", 500_000, "Modal dari tabungan bantuan"),
    ("expense", 185_000, "Telur bebek dan garam"),
    ("income", 40_000, "Upah membantu tetangga"),
    ("saving", 50_000, "Disimpan untuk beli wajan"),
)
FEES: Final = (5_000, 8_000, 10_000, 12_000)
COD_KM: Final = 10
SNACKS: Final = 20
HALL: Final = "Aula Kecamatan Ciomas"


def load(plan: Plan) -> int:
    """Let people speak, once; returns how many orders, complaints, reviews and letters came."""
    curator, steward, market = find_staff("kurator"), find_staff("pdp"), queries.market()
    if curator is None or steward is None or len(market.shops) < 2:
        return 0
    if complaints.find_by_key(KEY.format(0)) is not None:
        return 0
    shops = [db.session.get_one(Shop, number) for number in market.shops]
    wares = [market.by_shop[shop.id][0] for shop in shops if shop.id in market.by_shop]
    if len(wares) < len(shops):
        return 0
    with transaction():
        _open_ways(shops)
        said = _order(shops, wares) + _complain(shops, wares) + _review(shops[0]) + _write(curator)
        _report(wares)
        _ask(shops, steward)
        _keep_books(plan, shops[0])
    return said


def _open_ways(shops: list[Shop]) -> None:
    """Let the first sellers bring their goods to the kecamatan around."""
    for shop in shops:
        fees = {each.code: Rupiah(fee) for each, fee in zip(list_places(shop), FEES, strict=False)}
        delivery.set_plan(shop, least=None, cod_km=COD_KM, other_km=None, fees=fees, version=0, by=shop.owner)


def _place(ware: Ware, qty: int, number: int, *, method: str = "cash_pickup", to: Doorstep | None = None) -> Order:
    """Order some units that were made for it, as a buyer does."""
    _make(ware, qty)
    fee = Rupiah(FEES[0]) if to else ZERO
    part = Block(ware.shop_id, (Wanted(ware.variant_id, qty, ware.price),), method, fee, to=to)
    buyer = ("Bu Wulan", "Pak Harun", "Teh Ani")[number % 3]
    phone = people.buyer_phone(3_000 + number)
    group = orders.place(Checkout(f"demo-heard-{number}", buyer, phone, "", (part,)))
    return order_queries.list_of_group(group.id)[0]


def _make(ware: Ware, qty: int) -> None:
    stock.move_all("restock", {ware.variant_id: qty}, Cause(by_id=ware.owner_id, note="dibuat untuk pesanan"))


def _hand_over(order: Order, by: Account) -> None:
    for act in (orders.accept, orders.mark_ready, orders.hand_over):
        act(order, by=by)


def _order(shops: list[Shop], wares: list[Ware]) -> int:
    """Let a neighbour order to her door, and an office order twice: one is on its way, one is done."""
    _place(wares[0], 2, 1, method="cash_cod", to=Doorstep(shops[0].kecamatan_code, "Kp. Sawah RT 02 RW 01"))
    for number, done in enumerate((False, True)):
        _make(wares[0], SNACKS)
        _order_for_office(wares[0], number, done=done, by=shops[0].owner)
    return 3


def _order_for_office(ware: Ware, number: int, *, done: bool, by: Account) -> None:
    when = (now().astimezone(ZONE) + timedelta(days=5 + number)).replace(hour=9, minute=0, second=0, microsecond=0)
    wanted, need = {ware.variant_id: SNACKS}, Need(HALL, when)
    shared = planning.make(wanted, need, ZONE.key, "cash_cod")
    parts = planning.agreed(planning.pack(shared, wanted, need, "cash_cod"), wanted, need, "cash_cod")
    if parts is None:
        return
    asked = Asked(
        "Kecamatan Ciomas", "Seksi Kesejahteraan Sosial", "Rapat koordinasi", "Bu Rini",
        people.buyer_phone(4_000 + number), "",
    )  # fmt: skip
    made = offices.request(asked, parts, key=f"demo-office-{number}")
    if done:
        for order in order_queries.list_of_group(made.group_id):
            if order.seller_id == ware.shop_id:
                _hand_over(order, by)


def _complain(shops: list[Shop], wares: list[Ware]) -> int:
    """Let two buyers get broken goods: one waits for her seller, one objects to a no."""
    for number, (shop, ware) in enumerate(zip(shops, wares, strict=True)):
        order = _place(ware, 3, 10 + number)
        _hand_over(order, shop.owner)
        line = order_queries.list_lines(order.id)[0]
        case = returns.open_case(order, "damaged", "Satu bungkus robek waktu saya buka.", {line.id: 1})
        if number:
            returns.turn_down(case, "Waktu diambil masih utuh.", by=shop.owner, version=case.version)
            returns.escalate(case, version=case.version)
    return len(shops)


def _review(shop: Shop) -> int:
    """Let buyers say what they think of goods of the first shop that they got."""
    query = select(Order, OrderLine.id).join(OrderLine, OrderLine.order_id == Order.id)
    query = query.where(Order.seller_id == shop.id, Order.state == "handed_over", OrderLine.qty_handed > 0)
    got = db.session.execute(query.order_by(Order.id.desc(), OrderLine.id).limit(len(REVIEWS))).all()
    for number, ((order, line_id), (stars, words)) in enumerate(zip(got, REVIEWS, strict=False)):
        found = reviews.review(order, line_id, stars, words)
        if number == 0:
            reviews.answer(found, THANKS, by=shop.owner)
    return len(got)


def _report(wares: list[Ware]) -> None:
    product = db.session.get_one(Product, wares[-1].product_id)
    reports.report(product, "photo", "Fotonya beda dengan barangnya.", None, address="demo")


def _ask(shops: list[Shop], steward: Account) -> None:
    """Let one seller ask for a copy of what is kept, and another for a correction, which goes to the curator."""
    requests.ask("copy", account=shops[0].owner, source="own", by=shops[0].owner)
    wrong = requests.ask("correct", account=shops[1].owner, words=WRONG, source="own", by=shops[1].owner)
    requests.hand_to(wrong, "curator", by=steward)


def _keep_books(plan: Plan, shop: Shop) -> None:
    """Let the first seller write down a sale that stands out, and what else came and went this month."""
    feast = Note("demo-heard-feast", 200, FEAST, plan.today, free_text="Hajatan tetangga, 200 bungkus")
    notebook.write_down(shop, feast, by=shop.owner)
    for number, (kind, amount, note) in enumerate(CASH):
        cashbook.write_down(shop, kind, Rupiah(amount), plan.today, note, key=f"demo-cash-{number}")


def _write(curator: Account) -> int:
    """Let people write to the office; an officer has answered one."""
    made = [
        tickets.complain(
            kind, words, people.buyer_phone(5_000 + number),
            key=KEY.format(number), regency_code=REGENCY, address=f"demo-{number}",
        )
        for number, (kind, words) in enumerate(TICKETS)
    ]  # fmt: skip
    tickets.answer(made[-1], ANSWER, by=curator)
    return len(made)
