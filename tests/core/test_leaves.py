"""PDFs: a paper becomes one picture of its leaves, and a hostile one a sentence."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import weasyprint
from PIL import Image

from app.core import leaves, pictures, scans
from app.core.leaf_drawer import MOST_LEAVES
from app.core.leaves import PdfLocked, PdfTooLong, PdfUnreadable, read_paper
from app.core.pictures import NotAPicture, PictureTooHeavy
from tests.factories.phone_photos import phone_photo

CANARY = b"KENARI-RAHASIA-7731"
ROOT = Path(__file__).resolve().parents[2]
SHEET = "<style>@page{size:A4;margin:0} div{height:100vh} .b{background:#2040c0;height:14cm}</style>"


def pdf(leaf_count=1):
    """Leaves whose upper half is blue."""
    leaf = "<div><div class=b></div></div>"
    return weasyprint.HTML(string=SHEET + leaf * leaf_count).write_pdf()


def raw(*objects, trailer=b""):
    """Put a PDF together by hand; object 1 is the catalogue. Its table is missing: readers look for the objects."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R " + trailer + b" >>\n%%EOF\n"


def with_picture(width, height, filters=b"/FlateDecode", data=b""):
    """One leaf that shows a picture of these measures."""
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length 30 >> stream\nq 595 0 0 842 0 0 cm /I Do Q   \nendstream",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8"
        b" /Filter %s /Length %d >> stream\n%s\nendstream" % (width, height, filters, len(data), data),
    )


def read(data):
    return read_paper(io.BytesIO(data))


def opened(master):
    return Image.open(io.BytesIO(master.data)).convert("RGB")


def test_a_paper_becomes_a_picture_that_can_be_read():
    master = read(pdf())

    assert (master.width, master.height, master.content_type) == (1080, 1528, "image/jpeg")
    upper, lower = opened(master).getpixel((500, 300)), opened(master).getpixel((500, 1400))
    assert upper[2] > 150 > upper[0]
    assert min(lower) > 240


def test_leaves_stand_below_each_other_as_many_as_a_paper_may_have():
    most = opened(read(pdf(MOST_LEAVES)))

    assert most.height == MOST_LEAVES * (1528 + 12) - 12
    assert most.getpixel((500, 1540 * (MOST_LEAVES - 1) + 300))[2] > 150
    with pytest.raises(PdfTooLong):
        read(pdf(MOST_LEAVES + 1))


def test_nothing_of_the_file_is_kept_but_its_colours():
    sent = pdf() + b"\n%" + CANARY
    assert CANARY in sent

    assert CANARY not in read(sent).data
    assert b"%PDF" not in read(sent).data


def test_a_photo_is_still_a_photo():
    assert read(phone_photo("JPEG", (400, 300))).width == 400
    with pytest.raises(NotAPicture):
        read(b"hello" * 100)


def test_a_pdf_is_no_photo_where_a_photo_is_asked():
    with pytest.raises(NotAPicture):
        pictures.read_upload(io.BytesIO(pdf()))


def test_a_locked_pdf_is_refused_by_name():
    lock = (
        b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt << /Filter /Standard"
        b" /V 2 /R 3 /Length 128 /P -44 /O <" + b"5a" * 32 + b"> /U <" + b"a5" * 32 + b"> >>"
    )
    with pytest.raises(PdfLocked):
        read(raw(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", trailer=lock))


LOOP = raw(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>")
DEEP = raw(b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 200_000 + b"]" * 200_000 + b" >>", b"<< /Kids [] >>")
BOMB = with_picture(
    60_000, 60_000, b"[" + b"/FlateDecode " * 2 + b"]", zlib.compress(zlib.compress(b"\0" * 40_000_000))
)


@pytest.mark.parametrize(
    "sent",
    [b"%PDF-1.7 nota", b"%PDF-1.7\n" + b"\0" * 100_000, pdf()[:400], LOOP, DEEP],
    ids=["words", "noughts", "half", "loop", "deep"],
)
def test_a_broken_pdf_is_a_sentence_and_nothing_else(sent):
    with pytest.raises(PdfUnreadable) as refused:
        read(sent)

    assert "Foto suratnya" in str(refused.value)


def test_more_bytes_than_a_photo_may_have_are_refused_before_anything_is_drawn(monkeypatch):
    monkeypatch.setattr(leaves.subprocess, "run", lambda *_given, **_more: pytest.fail("it was drawn"))

    with pytest.raises(PictureTooHeavy):
        read(b"%PDF-1.7\n" + b"x" * pictures.MOST_BYTES)


@pytest.mark.slow
def test_a_hostile_pdf_costs_little_time_and_less_than_400_mib():
    program = (
        "import io, resource, sys, time\nfrom app.core.leaves import read_paper\n"
        "from app.core.pictures import PictureRefused\n"
        "sent, begun = sys.stdin.buffer.read(), time.monotonic()\n"
        "try:\n    read_paper(io.BytesIO(sent))\nexcept PictureRefused:\n    pass\n"
        "print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    for sent in (BOMB, DEEP):
        done = subprocess.run([sys.executable, "-c", program], input=sent, capture_output=True, check=True, cwd=ROOT)
        seconds, memory = done.stdout.split()
        assert float(seconds) < leaves.WAIT_SECONDS + 2
        assert int(memory) < 400 * 1024


def test_a_drawing_without_end_is_given_up(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import threading\nthreading.Event().wait(30)\n", encoding="utf-8")
    monkeypatch.setattr(leaves, "DRAWER", slow)
    monkeypatch.setattr(leaves, "WAIT_SECONDS", 0.2)

    with pytest.raises(PdfUnreadable):
        read(pdf())


def test_the_drawer_can_write_no_file_and_takes_no_more_memory_than_it_may(tmp_path):
    def code(act, *, fenced):
        program = f"from app.core import leaf_drawer\n{'leaf_drawer.fence()' if fenced else ''}\n{act}"
        return subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT, capture_output=True).returncode

    for act in (
        f"import pathlib\npathlib.Path({str(tmp_path / 'held')!r}).write_bytes(b'x')",
        "bytearray(800 * 1024 * 1024)",
    ):
        assert code(act, fenced=False) == 0
        assert code(act, fenced=True) != 0


def test_a_quarter_turn_four_times_is_the_same_way_up():
    master = read(phone_photo("JPEG", (400, 300)))
    once = scans.turned(master.data)
    assert (once.width, once.height) == (300, 400)

    round_about = once
    for _turn in range(3):
        round_about = scans.turned(round_about.data)
    before, after = opened(master).resize((4, 3)), opened(round_about).resize((4, 3))
    pairs = zip(before.get_flattened_data(), after.get_flattened_data(), strict=True)
    assert max(abs(a - b) for one, two in pairs for a, b in zip(one, two, strict=True)) < 12
