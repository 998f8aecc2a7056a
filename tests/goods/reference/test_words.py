"""Words that curators keep: what people write follows at once in the search, and nobody is led in a circle."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.goods.categories import operations as lists
from app.goods.categories.models import MarketWord
from app.goods.categories.queries import words_of
from app.goods.curation import papers
from app.goods.permits import operations as permits
from app.goods.reference import queries, rules, wording
from app.goods.reference.operations import Stale
from app.goods.reference.rules import WordFacts
from app.goods.search import queries as search
from app.goods.search.rules import Scope
from app.goods.shelf import listeners
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.queries import spellings
from app.kit.words import VARIANTS
from tests.factories.ekatalog import master, paper
from tests.factories.goods import make_product, make_shop, revision_of
from tests.factories.people import make_account, sign_in
from tests.support.log import did, log

HOME = "/dinsos/acuan"
SPELLINGS = f"{HOME}/daftar/kata-pencarian"
BARS = f"{HOME}/daftar/kata-bukan-pirt"


@pytest.fixture
def curator(client, app):
    """An officer, signed in."""
    account = make_account("curator", name="Bu Rini")
    sign_in(client, account)
    return account


def add(word: str, meaning: str, *, by, kind: str = "spelling") -> MarketWord:
    with transaction():
        return wording.add_word(kind, WordFacts(rules.fold(word), rules.fold(meaning)), by=by)


def found(typed: str) -> list[int]:
    return [each.product_id for each in search.find(search.read(typed), Scope()).ranked]


def entries() -> list[tuple[int, str, str]]:
    """What the index holds."""
    query = "SELECT product_id, title, rest FROM search_product ORDER BY product_id"
    return [tuple(row) for row in db.session.connection().exec_driver_sql(query)]


def terms() -> dict[str, int]:
    query = "SELECT stem, items FROM search_term WHERE items <> 0"
    return {row.stem: row.items for row in db.session.connection().exec_driver_sql(query)}


def test_the_list_begins_with_what_the_house_knows(app):
    assert (
        spellings().singles.items()
        == {word: meant for word, meant in VARIANTS.singles.items() if meant != (word,)}.items()
    )
    assert spellings().phrases == VARIANTS.phrases
    assert words_of("bar")["yogurt"] == "milk"
    with transaction():
        assert lists.load_words() == 0


def test_a_phrase_changes_the_very_next_search(client, curator):
    shop = make_shop()
    chips = make_product(shop, "Keripik pisang manis")
    assert search.find(search.read("kripik singkong pedes"), Scope()).loose

    answer = client.post(f"{SPELLINGS}/baru", data={"kata": "Kripik  singkong PEDES", "arti": "keripik"})

    assert answer.status_code == 303
    assert found("kripik singkong pedes") == [chips.id]
    assert not search.find(search.read("kripik singkong pedes"), Scope()).loose
    assert "Keripik pisang manis" in client.get("/produk?q=kripik+singkong+pedes").text
    page = client.get(f"{HOME}/riwayat").text
    for said in ("kripik singkong pedes", "keripik", "Bu Rini", "Kata pencarian"):
        assert said in page


def test_goods_that_say_it_are_found_by_both_and_lose_no_word(curator):
    spicy = make_product(make_shop(), "Kripik singkong pedes Mak Enah")

    add("kripik singkong pedes", "keripik", by=curator)

    for typed in ("kripik singkong pedes", "keripik", "singkong", "pedas", "enah"):
        assert found(typed) == [spicy.id], typed
    assert listeners.check() == []


def test_a_spelling_that_comes_changes_and_goes_leaves_the_index_as_it_was(curator):
    shop = make_shop()
    local = make_product(shop, "Endul gurih renyah")
    make_product(shop, "Telur asin")
    before, counted = entries(), terms()
    assert found("ceplis") == []

    word = add("endul", "ceplis", by=curator)
    assert found("ceplis")[0] == found("endul")[0] == local.id
    with transaction():
        assert wording.edit_word(word, "opak", version=1, by=curator)
    assert found("opak")[0] == found("endul")[0] == local.id
    with transaction():
        assert not wording.edit_word(word, "opak", version=1, by=curator)
        wording.remove_word(word, version=2, by=curator)

    assert (entries(), terms()) == (before, counted)
    assert listeners.check() == []
    said = [change.row.after for change in queries.list_changes(("spelling", str(word.id)))]
    assert said == [{}, {"meaning": "opak"}, {"word": "endul", "meaning": "ceplis"}]
    assert log("word.added") == log("word.changed") == log("word.removed") == [did(curator, f"market_word:{word.id}")]


@pytest.mark.parametrize(
    ("word", "meaning", "sentence"),
    [
        ("endul", "telor", "“telor” sendiri berarti “telur”"),
        ("telur", "endul", "“telur” dipakai sebagai arti dari"),
        ("endul", "endul gurih", "“endul” sendiri berarti"),
        ("endul", "endul", "Arti harus lain"),
        ("dan", "telur", "terlalu umum"),
        ("a", "telur", "terlalu umum"),
        ("500", "telur", "Tulis dengan huruf"),
        ("satu dua tiga empat lima", "telur", "Paling banyak empat kata"),
        ("endul", "obat", "tidak boleh menjanjikan kesembuhan"),
        ("telor", "endul", "Kata ini sudah ada"),
        ("🥚🥚", "telur", "Tulis dengan huruf"),
        ("", "telur", "perlu diisi"),
        ("endul", "", "perlu diisi"),
        ("<script>alert(1)</script> satu dua tiga", "telur", "Paling banyak empat kata"),
        ("x" * 70_000, "telur", "Terlalu panjang"),
    ],
)
def test_circles_and_hostile_words_are_refused_with_a_sentence(client, curator, word, meaning, sentence):
    before = words_of("spelling")

    answer = client.post(f"{SPELLINGS}/baru", data={"kata": word, "arti": meaning})

    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert words_of("spelling") == before


def test_an_old_word_cannot_be_led_into_a_circle_either(client, curator):
    first = add("endul", "ceplis", by=curator)

    answer = client.post(f"{HOME}/kata/{first.id}", data={"arti": "kripik", "versi": "1"})

    assert answer.status_code == 422
    assert "“kripik” sendiri berarti “keripik”" in answer.text
    add("kepal", "ceplis", by=curator)
    with pytest.raises(wording.Unfit):
        add("ceplis", "opak", by=curator)


def test_a_word_that_another_changed_meanwhile_is_shown_and_not_overwritten(client, curator):
    word = add("endul", "ceplis", by=curator)
    way = f"{HOME}/kata/{word.id}"
    assert client.post(way, data={"arti": "opak", "versi": "1"}).status_code == 303

    stale = client.post(way, data={"arti": "emping", "versi": "1"})
    assert stale.status_code == 409
    assert "opak" in stale.text
    assert "Petugas lain" in client.get(client.post(f"{way}/hapus", data={"versi": "1"}).location).text
    with pytest.raises(Stale), transaction():
        wording.remove_word(db.session.get_one(MarketWord, word.id), version=1, by=curator)

    assert client.post(f"{way}/hapus", data={"versi": "2"}).status_code == 303
    assert client.get(way).status_code == 404
    assert "Dihapus." in client.get(f"{HOME}/riwayat").text


def test_a_long_list_is_searched_and_leafed_through(client, curator):
    page = client.get(SPELLINGS).text
    assert "setelah=" in page
    assert "telor" not in page
    assert "telor" in client.get(f"{SPELLINGS}?cari=Telor").text
    assert "Tidak ada kata seperti itu" in client.get(f"{SPELLINGS}?cari=zzzz").text
    assert client.get(f"{HOME}/daftar/lain").status_code == 404
    home = client.get(HOME).text
    assert SPELLINGS in home
    assert BARS in home


def test_a_word_that_bars_a_pirt_changes_what_a_product_needs(client, curator):
    shop = make_shop()
    product = make_product(shop, "Dendeng lele")
    assert "pirt" in dict(papers.advise(revision_of(product), shop).needs)

    assert client.post(f"{BARS}/baru", data={"kata": "Lele", "arti": "sterile"}).status_code == 303

    advice = papers.advise(revision_of(product), shop)
    assert "pirt" not in dict(advice.needs)
    assert "bpom" in dict(advice.needs)
    assert "disterilkan" in advice.why_not
    word = db.session.scalars(select(MarketWord).where(MarketWord.word == "lele")).one()
    assert client.post(f"{HOME}/kata/{word.id}", data={"arti": "cold", "versi": "1"}).status_code == 303
    assert "disimpan dingin" in papers.advise(revision_of(product), shop).why_not
    assert client.post(f"{HOME}/kata/{word.id}/hapus", data={"versi": "2"}).status_code == 303
    assert not papers.advise(revision_of(product), shop).why_not
    page = client.get(f"{HOME}/riwayat").text
    assert "lele" in page
    assert "Makanan yang disterilkan" in page


def test_an_exception_frees_a_pair_of_words_and_badges_follow_at_once(client, curator):
    """Goods, badge and history move with the list that curators keep."""
    shop = make_shop()
    product, other = make_product(shop, "Abon keju manis"), make_product(shop, "Keju oles")
    with transaction():
        permit = permits.enter(shop, paper("pirt"), master(), by=shop.owner)
        permits.verify(permit, by=make_account("curator"))

    def badges():
        db.session.expire_all()
        return [[badge[0] for badge in db.session.get(ShelfItem, each.id).badges] for each in (product, other)]

    assert badges() == [[], []]
    assert "Susu" in papers.advise(revision_of(product), shop).why_not

    assert client.post(f"{BARS}/baru", data={"kata": "Abon keju", "arti": "allowed"}).status_code == 303

    assert badges() == [["pirt"], []]
    assert not papers.advise(revision_of(product), shop).why_not
    assert "Pengecualian" in client.get(f"{BARS}?cari=abon").text
    assert "Pengecualian" in client.get(f"{HOME}/riwayat").text
    word = db.session.scalars(select(MarketWord).where(MarketWord.word == "abon keju")).one()
    assert client.post(f"{HOME}/kata/{word.id}/hapus", data={"versi": "1"}).status_code == 303
    assert badges() == [[], []]


@pytest.mark.parametrize(
    ("word", "cause", "sentence"),
    [
        ("ikan lele asap kering pedas", "cold", "paling banyak empat kata"),
        ("ab", "cold", "paling sedikit tiga huruf"),
        ("lele ab", "cold", "paling sedikit tiga huruf"),
        ("lele", "allowed", "perlu dua kata"),
        ("yogurt", "milk", "Kata ini sudah ada"),
        ("lele", "", "Pilih salah satu"),
        ("lele", "short", "Pilih salah satu"),
        ("🥚🥚", "cold", "Tulis dengan huruf"),
    ],
)
def test_what_cannot_be_bars_nothing(client, curator, word, cause, sentence):
    before = words_of("bar")

    answer = client.post(f"{BARS}/baru", data={"kata": word} | ({"arti": cause} if cause else {}))

    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert words_of("bar") == before


@pytest.mark.parametrize("role", ["seller", "pendamping", "admin", "head"])
def test_words_are_for_curators(client, app, role):
    sign_in(client, make_account(role))
    number = db.session.scalar(select(MarketWord.id).limit(1))

    for path in (SPELLINGS, f"{BARS}/baru", f"{HOME}/kata/{number}"):
        assert client.get(path).status_code in {403, 404}
    assert client.post(f"{HOME}/kata/{number}/hapus", data={"versi": "1"}).status_code in {403, 404}
