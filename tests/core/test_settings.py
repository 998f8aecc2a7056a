"""Settings that would let a stranger choose our address are refused."""

from __future__ import annotations

import base64

import pytest

from config import BadSettings, load_settings

BEHIND_A_PROXY = {
    "LAPAK_ENV": "production",
    "LAPAK_SECRET_KEY": "4b8f0c6a1d92e7354b8f0c6a1d92e735",
    "LAPAK_FIELD_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
    "LAPAK_DATABASE_URL": "postgresql://market@db/market",
    "LAPAK_PROXIES": "1",
}


def test_behind_a_proxy_production_names_its_address():
    with pytest.raises(BadSettings, match="LAPAK_PUBLIC_URL"):
        load_settings(BEHIND_A_PROXY)

    assert load_settings(BEHIND_A_PROXY | {"LAPAK_PUBLIC_URL": "https://lapak.contoh.go.id"}).proxies == 1
    assert load_settings(BEHIND_A_PROXY | {"LAPAK_PROXIES": "0"}).public_url == ""
    assert load_settings(BEHIND_A_PROXY | {"LAPAK_ENV": "development"}).public_url == ""
