"""Phone numbers, as people type them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import phone

STORED = "+6281234567890"
numbers = st.from_regex(r"\+628[0-9]{7,11}", fullmatch=True)


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "0812-3456-7890",
        "0812-3456 7890",
        "0812.3456.7890",
        "(0812) 34567890",
        "+62 812-3456-7890",
        "+62 (0)812 3456 7890",
        "62812 3456 7890",
        "006281234567890",
        "81234567890",
        "\u202a+62 812\u20113456\u20117890\u202c",
        "\uff10\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10",
        " 0812\u00a03456\u00a07890 ",
        "WA: 0812-3456-7890",
        "wa 081234567890",
        "No. HP (0812) 3456 7890",
        "tel:+6281234567890",
        "https://wa.me/6281234567890",
        "wa.me/6281234567890",
    ],
)
def test_one_number_has_one_form_however_it_is_typed(typed):
    assert phone.normalise(typed) == STORED


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("telepon", "not_a_number"),
        ("wa:", "not_a_number"),
        ("0812wa34567890", "not_a_number"),
        ("https://wa.me/60123456789", "not_mobile"),
        ("0812x3456789", "not_a_number"),
        ("0812 3456 7890 ext 2", "not_a_number"),
        ("0812345678+90", "not_a_number"),
        ("0812", "too_short"),
        ("08123456", "too_short"),
        ("0812345678901234", "too_long"),
        ("8" * 70_000, "too_long"),
        ("021-5551234", "not_mobile"),
        ("0254 200 100", "not_mobile"),
        ("+60 12-345 6789", "foreign"),
        ("001 202 555 0100", "foreign"),
    ],
)
def test_other_numbers_are_refused_with_their_reason(typed, code):
    with pytest.raises(phone.UnreadablePhone) as caught:
        phone.normalise(typed)

    assert caught.value.code == code


@given(numbers)
def test_what_is_shown_can_be_typed_again(number):
    assert phone.normalise(phone.show(number)) == number
    assert phone.normalise(number) == number
    assert phone.normalise(number.removeprefix("+")) == number


@given(st.text(max_size=80))
def test_any_text_gives_a_number_or_a_refusal(typed):
    try:
        assert phone.normalise(typed).startswith("+628")
    except phone.UnreadablePhone:
        return


@given(numbers)
def test_the_mask_hides_four_digits(number):
    shown, masked = phone.show(number), phone.mask(number)

    assert masked == shown[:5] + "****" + shown[9:]


def test_numbers_are_shown_in_groups():
    assert phone.show(STORED) == "0812-3456-7890"
    assert phone.mask(STORED) == "0812-****-7890"


@given(st.text())
def test_a_whatsapp_link_carries_any_text(text):
    address = phone.whatsapp_url(STORED, text)

    assert address.startswith("https://wa.me/6281234567890")
    assert address.isascii()
    carried = parse_qs(urlsplit(address).query, keep_blank_values=True).get("text", [""])[0]
    assert carried == text


def test_a_lone_surrogate_does_not_break_a_whatsapp_link():
    assert phone.whatsapp_url(STORED, "a\ud800b").endswith("a%3Fb")


def test_an_unassigned_number_is_a_hint_not_a_refusal():
    assert phone.is_assigned(STORED)
    assert not phone.is_assigned("+62800")
    assert not phone.is_assigned("bukan nomor")
