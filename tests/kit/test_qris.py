"""QRIS: every vector of the project's data, round trips, and each way in which a code is none."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import qris
from app.kit.qris import UnreadableQris
from app.kit.rupiah import Rupiah

VECTORS = json.loads((Path(qris.__file__).parents[1] / "data" / "qris" / "qris_vectors.json").read_text())
GOOD = {each["name"]: each for each in VECTORS["valid"]}
BAD = {each["name"]: each["payload"] for each in VECTORS["invalid"]}
REFUSED = {
    "bad-crc": "check",
    "bad-length": "broken",
    "missing-crc": "broken",
    "lowercase-crc": "check",
    "not-qris-thb": "country",
}
DEMO = GOOD["demo-static"]["payload"]
amounts = st.integers(1, 9_999_999_999_999).map(Rupiah)
# What banks print: anything that can be seen, letters of every script too.
words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=25)
merchants = st.from_regex(r"ID[0-9]{13}", fullmatch=True)


def field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def changed(old: str, new: str, payload: str = DEMO) -> str:
    """Change a piece of a code and make its check sum right again."""
    assert old in payload
    text = payload[:-4].replace(old, new, 1)
    return text + qris.check_sum(text)


def reason(text: str, read=qris.parse_static) -> str:
    with pytest.raises(UnreadableQris) as refusal:
        read(text)
    return refusal.value.code


@pytest.mark.parametrize("name", GOOD)
def test_every_good_vector_is_read_and_written_again_as_it_was(name):
    code = qris.parse_any(GOOD[name]["payload"])

    assert str(code) == GOOD[name]["payload"]
    assert str(code)[-4:] == GOOD[name]["crc"]


@pytest.mark.parametrize("name", GOOD)
def test_only_the_national_code_is_qris(name):
    if GOOD[name]["is_qris"]:
        assert qris.parse(GOOD[name]["payload"]).merchant.startswith("ID")
    else:
        assert reason(GOOD[name]["payload"], qris.parse) == "country"


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_every_bad_vector_is_refused_for_its_reason(name, code):
    assert set(BAD) == set(REFUSED)
    assert reason(BAD[name]) == code


@pytest.mark.parametrize("pair", VECTORS["static_to_dynamic_pairs"], ids=lambda pair: pair["dynamic"])
def test_an_amount_is_written_as_banks_write_it(pair):
    code = qris.parse_static(GOOD[pair["static"]]["payload"])

    assert str(qris.with_amount(code, Rupiah(pair["amount"]))) == GOOD[pair["dynamic"]]["payload"]


@pytest.mark.parametrize("amount", [25_123, 10_000_000])
def test_other_amounts_of_the_vectors(amount):
    made = qris.with_amount(qris.parse_static(DEMO), Rupiah(amount))

    assert str(made) == GOOD[f"demo-dynamic-{amount}"]["payload"]


def test_a_code_says_who_is_paid_and_where():
    code = qris.parse_static(DEMO)

    assert (code.name, code.city, code.country, code.currency) == ("LAPAK CONTOH", "SERANG (KAB)", "ID", "360")
    assert (code.merchant, code.amount, code.is_static) == ("ID0000000000001", None, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("https://lapak.example/lapak/telur", "not_qris"),
        ("halo", "not_qris"),
        ("0002", "broken"),
        ("000201", "broken"),
        ("0" * 600, "not_qris"),
        ("\x000201", "not_qris"),
        ("٠٠٠٢٠١", "not_qris"),
        (DEMO[:-1], "broken"),
        (DEMO + "5802ID", "broken"),
        (DEMO.replace("LAPAK", "LAPAX"), "check"),
        (changed("5802ID", "5802SG"), "country"),
        (changed("5303360", "5303702"), "currency"),
        (changed("ID.CO.QRIS.WWW", "ID.CO.LAIN.WWW"), "not_qris"),
        (changed("0215ID0000000000001", "0215XX0000000000001"), "not_qris"),
        (changed("010211", "010213"), "broken"),
        (changed("5912LAPAK CONTOH", "5801X5912LAPAK CONTOH"), "broken"),
        (changed("5912LAPAK CONTOH", "5901 "), "broken"),
        (changed("0703A01", "0709A01"), "broken"),
        (GOOD["demo-dynamic-25000"]["payload"], "once"),
        (changed("5802ID", "540510000" + "5802ID"), "once"),
        (changed("5802ID", "550201" + "5802ID"), "fee"),
        (changed("5802ID", "55020256036665802ID"), "fee"),
        (changed("5802ID", "570155802ID"), "fee"),
        (GOOD["qris-dynamic-sintas-1337-fee"]["payload"], "once"),
    ],
)
def test_what_is_no_static_qris_is_refused_for_its_reason(text, code):
    assert reason(text) == code


def test_a_code_pasted_in_several_lines_is_one_code():
    assert qris.parse_static(f"  {DEMO[:40]}\r\n{DEMO[40:]}\n") == qris.parse_static(DEMO)


def test_a_static_code_need_not_say_that_it_is_static():
    code = qris.parse_static(changed("010211", ""))

    assert qris.with_amount(code, Rupiah(25_000)) == qris.parse(GOOD["demo-dynamic-25000"]["payload"])


@pytest.mark.parametrize("amount", [0, -5, 10_000_000_000_000])
def test_no_code_asks_for_nothing_or_for_more_than_fits(amount):
    with pytest.raises(ValueError, match="amount"):
        qris.with_amount(qris.parse_static(DEMO), Rupiah(amount))


def test_tip_and_fee_never_go_into_an_amount_of_ours():
    code = qris.parse(GOOD["qris-dynamic-sintas-1337-fee"]["payload"])

    assert not qris.with_amount(code, Rupiah(5)).asks_fee


@given(words, words, merchants, amounts)
def test_whatever_a_bank_prints_comes_back_whole(name, city, merchant, amount):
    national = field("00", "ID.CO.QRIS.WWW") + field("02", merchant)
    made = qris.made_of({"51": national, "53": "360", "58": "ID", "59": name, "60": city[:15]})

    read = qris.parse_static(str(made))
    paid = qris.parse(str(qris.with_amount(read, amount)))

    assert read == made
    assert (paid.name, paid.city, paid.merchant, paid.amount) == (name, city[:15], merchant, amount)
    assert not paid.is_static
    assert qris.with_amount(paid, Rupiah(7)) == qris.with_amount(read, Rupiah(7))


@given(st.integers(0, len(DEMO) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_one_wrong_sign_is_always_found(place, sign):
    text = DEMO[:place] + sign + DEMO[place + 1 :]

    if text != DEMO:
        assert reason(text) in ("check", "broken", "not_qris")


@given(st.text(max_size=80) | st.builds(lambda tail: "000201" + tail, st.text("0123456789", max_size=80)))
def test_noise_is_refused_and_never_breaks(text):
    with suppress(UnreadableQris):
        qris.parse_static(text)
