"""Settings that would let a stranger choose our address are refused."""

from __future__ import annotations

import base64
import re

import pytest

from config import LIMITS, ROOT, BadSettings, load_settings

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


def test_a_house_that_writes_letters_names_its_address():
    """Else whoever asks for a letter under a host of his own sends others a link to that host."""
    writes = BEHIND_A_PROXY | {"LAPAK_PROXIES": "0", "LAPAK_SMTP_URL": "smtp://surel", "LAPAK_MAIL_FROM": "a@contoh.id"}
    with pytest.raises(BadSettings, match="LAPAK_PUBLIC_URL"):
        load_settings(writes)

    assert load_settings(writes | {"LAPAK_PUBLIC_URL": "https://lapak.contoh.go.id"}).smtp_url == "smtp://surel"


@pytest.mark.parametrize(
    ("server", "sender", "said"),
    [
        ("surel.contoh.id", "lapak@contoh.id", "LAPAK_SMTP_URL"),
        ("http://surel.contoh.id", "lapak@contoh.id", "LAPAK_SMTP_URL"),
        ("smtp://", "lapak@contoh.id", "LAPAK_SMTP_URL"),
        ("smtp://surel.contoh.id:99999", "lapak@contoh.id", "LAPAK_"),
        ("smtps://surel.contoh.id", "", "LAPAK_MAIL_FROM"),
        ("smtps://surel.contoh.id", "Lapak <lapak@contoh.id>", "LAPAK_MAIL_FROM"),
    ],
)
def test_letters_need_a_server_and_a_sender(server, sender, said):
    with pytest.raises(BadSettings, match=said):
        load_settings({"LAPAK_SECRET_KEY": "x" * 40, "LAPAK_SMTP_URL": server, "LAPAK_MAIL_FROM": sender})


def test_the_password_of_the_server_of_letters_is_never_shown():
    address = {"LAPAK_SMTP_URL": "smtps://a:kata@surel.contoh.id", "LAPAK_MAIL_FROM": "lapak@contoh.id"}
    settings = load_settings({"LAPAK_SECRET_KEY": "x" * 40} | address)

    assert settings.smtp_url == "smtps://a:kata@surel.contoh.id"
    assert "kata" not in repr(settings)


EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def written_limits(example: str) -> dict[str, tuple[int, int]]:
    """Read the limits as the example words them: several names may share one figure."""
    found, names = {}, []
    for word in re.findall(r"^# ((?:[a-z:-]+(?:=\d+/\d+)? ?)+)$", example, re.M):
        for part in word.split():
            name, _, rate = part.partition("=")
            names.append(name)
            if rate:
                most, seconds = rate.split("/")
                found |= dict.fromkeys(names, (int(most), int(seconds)))
                names = []
    return {name: rate for name, rate in found.items() if name in LIMITS or "/" in name or ":" in name}


def test_the_example_names_every_setting_and_every_limit():
    asked = set(re.findall(r'"(LAPAK_[A-Z_]+)"', (ROOT / "config.py").read_text(encoding="utf-8")))

    assert {name for name in asked if name not in EXAMPLE} == set()
    assert written_limits(EXAMPLE) == dict(LIMITS)


def test_a_limit_that_the_example_forgets_goes_red():
    assert "wish" not in written_limits(EXAMPLE.replace("wish=5/3600 ", ""))
