"""Text of strangers, cleaned."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import slugs, text

# Surrogates too: they arrive in JSON and in badly decoded forms.
anything = st.text(st.characters(codec=None), max_size=200) | st.text(
    st.sampled_from("a \t\n\r\0\u200d\u200b\u202e\ufe0f\u0301\u0300\u3164\u2028🌶👩🍳👍🏽\ud800\udc00é-'"), max_size=60
)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  Telur   asin ", "Telur asin"),
        ("Telur\0asin", "Telurasin"),
        ("Telur\tasin\nbakar", "Telur asin bakar"),
        ("\u202eniasa\u202c", "niasa"),
        ("te\u200blur\ufeff", "telur"),
        ("te\u00adlur", "telur"),
        ("a\ud800b\udfff", "ab"),
        ("e\u0301", "\u00e9"),
        ("\u3164\u2800\u115f", ""),
        ("keripik\u00a0pisang\u2003manis", "keripik pisang manis"),
        ("\u2067x\u2069", "x"),
        ("👩\u200d🍳 masak", "👩\u200d🍳 masak"),
        ("👩🏽\u200d🍳", "👩🏽\u200d🍳"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("te\u200dlur \u200d🌶\u200d", "telur 🌶"),
        ("z" + "\u0301\u0300\u0302\u0303" * 20, "z\u0301\u0300\u0302"[:0] + "\u017a\u0300\u0302\u0303"),
        ("<b>Rp</b> & 'kawan'", "<b>Rp</b> & 'kawan'"),
    ],
)
def test_a_line_keeps_what_can_be_seen(typed, clean):
    assert text.clean_line(typed) == clean


def test_a_block_keeps_its_paragraphs():
    assert text.clean_block("\n\n Satu \r\n\tdua\r\rtiga\n\n\n\n\nempat\u2028lima \n") == (
        "Satu\ndua\n\ntiga\n\nempat\nlima"
    )


@given(anything)
def test_cleaning_never_fails_and_cleans_all_at_once(typed):
    for clean in (text.clean_line, text.clean_block):
        once = clean(typed)
        assert clean(once) == once
        assert unicodedata.normalize("NFC", once) == once
        once.encode()
        assert not any(unicodedata.category(sign) == "Cc" for sign in once.replace("\n", ""))
        assert not set(once) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u200e\u200f\ufeff")
    assert "\n" not in text.clean_line(typed)


def test_long_noise_is_cleaned_in_time():
    assert len(text.clean_line("\u202e\ud800a" * 25_000)) == 25_000


@given(anything, st.integers(min_value=0, max_value=40))
def test_shortening_keeps_within_its_length(typed, most):
    short = text.shorten(typed, most)

    assert len(short) <= max(most, 0)
    if len(typed) <= most:
        assert short == typed


@pytest.mark.parametrize(
    ("typed", "most", "short"),
    [
        ("Telur asin bakar", 16, "Telur asin bakar"),
        ("Telur asin bakar", 12, "Telur asin…"),
        ("Telur asin, bakar", 14, "Telur asin…"),
        ("Telurasinbakarmadu", 8, "Teluras…"),
        ("ab👩\u200d🍳cd", 5, "ab…"),
        ("abe\u0301\u0301cdef", 5, "ab…"),
    ],
)
def test_texts_are_cut_where_it_hurts_least(typed, most, short):
    assert text.shorten(typed, most) == short


@pytest.mark.parametrize(("typed", "yes"), [("a", True), ("é", True), ("5", False), ("", False), ("\u3164", False)])
def test_letters_are_recognised(typed, yes):
    assert text.has_letters(typed) is yes


@given(anything, st.integers(min_value=1, max_value=60))
def test_a_slug_holds_only_plain_signs(typed, most):
    made = slugs.slug(typed, most)

    assert len(made) <= most
    assert all(sign in "abcdefghijklmnopqrstuvwxyz0123456789-" for sign in made)
    assert not made.startswith("-")
    assert not made.endswith("-")
    assert "--" not in made
    assert slugs.slug(made, most) == made
    assert slugs.slug_with(typed, "k7qf").endswith("k7qf")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Telur Asin Ciomas", "telur-asin-ciomas"),
        ("Kué Jum'at  (isi 10)", "kue-jumat-isi-10"),
        ("Opak & Rengginang", "opak-dan-rengginang"),
        ("Straße Øl", "strasse-ol"),
        ("🌶🌶", ""),
        ("日本", ""),
    ],
)
def test_names_become_addresses(typed, slug):
    assert slugs.slug(typed) == slug


def test_a_long_name_is_cut_between_words_and_keeps_its_tail():
    assert slugs.slug("keripik pisang cokelat manis", 20) == "keripik-pisang"
    assert slugs.slug("keripikpisangcokelat", 8) == "keripikp"
    assert slugs.slug_with("keripik pisang cokelat", "K7QF", 20) == "keripik-pisang-k7qf"
