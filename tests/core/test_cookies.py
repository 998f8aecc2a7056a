"""What a phone keeps for us: readable by us alone, and no longer than it must be."""

from __future__ import annotations

from itsdangerous import URLSafeSerializer

from app.core.cookies import SHORT, SignedCookie
from app.core.vault import settings

JAR = SignedCookie("coba", "test-cookie", days=1)
FEW = [[7, 2, 38_000, 3]]
MANY = [[number, 2, 38_000, 3] for number in range(40)]


def test_a_short_value_is_signed_as_it_is_and_a_long_one_is_squeezed(app):
    with app.test_request_context():
        few, many = JAR.sign(FEW), JAR.sign(MANY)

        assert (JAR.open(few), JAR.open(many)) == (FEW, MANY)
    assert not few.startswith(".")
    assert many.startswith(".")
    assert len(many) < SHORT * 2 < len(str(MANY))


def test_what_phones_kept_before_is_read_still(app):
    with app.test_request_context():
        before = URLSafeSerializer(settings().derive("test-cookie"), salt="coba").dumps(["AAAA"] * 20)

        assert before.startswith(".")
        assert JAR.open(before) == ["AAAA"] * 20
        assert JAR.open(before[:-1]) is None
