"""What a phone keeps for the moment without a signal: one page, what it is made of, and nothing of anybody."""

from __future__ import annotations

import json
import re

from tests.factories.people import make_account, sign_in
from tests.support.pages import without_tokens


def kept(client, looks: str = "id") -> tuple[list[str], str]:
    """Return what the phone keeps, and the name it keeps it under."""
    script = client.get(f"/luring.js?rupa={looks}").text
    return json.loads(re.search(r"const KEPT = (\[.*?\]);", script)[1]), re.search(r'const NAME = "(.*?)"', script)[1]


def test_the_phone_keeps_one_page_and_all_that_it_is_made_of(client):
    addresses, _name = kept(client)

    assert addresses[0] == "/tanpa-sinyal"
    assert all(each.startswith("/aset/") for each in addresses[1:])
    page = client.get("/tanpa-sinyal")
    for address in re.findall(r'"(/aset/[^"#]+)', page.text):
        assert address in addresses
    for address in addresses:
        assert client.get(address).status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "private" in client.get("/luring.js").headers["Cache-Control"]


def test_the_page_is_the_same_whoever_is_signed_in(client, app):
    stranger = app.test_client().get("/tanpa-sinyal").text
    sign_in(client, make_account("curator", name="Ratna Wulandari"))

    assert without_tokens(client.get("/tanpa-sinyal").text) == without_tokens(stranger)
    assert "csrf_token" not in stranger


def test_another_language_and_other_looks_are_kept_anew(client):
    names = {kept(client)[1]}
    client.get("/tentang?bahasa=en")
    assert "The signal is gone" in client.get("/tanpa-sinyal").text
    names.add(kept(client)[1])
    client.post("/tema", data={"tema": "gelap"})
    names.add(kept(client)[1])

    assert len(names) == 3
