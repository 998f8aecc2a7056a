"""Photos: whatever a phone sends becomes a small clean JPEG, or a sentence."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pillow_heif
import pytest
from PIL import (
    Image,
    ImageChops,
    ImageCms,
    ImageDraw,
    ImageFile,
    ImageFilter,
    ImageStat,
    PngImagePlugin,
    WebPImagePlugin,
)

from app.core import optional, pictures
from app.core.pictures import PictureRefused, read_upload, renditions

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 60), (30, 60, 200), (230, 200, 30)
CANARY = "KENARI-RAHASIA-7731"
ROOT = Path(__file__).resolve().parents[2]


def corners(size=(400, 300), mode="RGB"):
    """Four coloured quarters: red and green above, blue and yellow below."""
    width, height = size
    picture = Image.new("RGB", size, YELLOW)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), RED)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), BLUE)
    return picture.convert(mode)


def phone_photo(size):
    """Soft shapes with fine grain, about as hard to compress as a real photo."""
    clouds = Image.effect_noise((size[0] // 8, size[1] // 8), 60).filter(ImageFilter.GaussianBlur(1))
    clouds = clouds.resize(size, Image.Resampling.BICUBIC)
    slope, round_ = Image.linear_gradient("L").resize(size), Image.radial_gradient("L").resize(size)
    bands = (Image.blend(clouds, slope, 0.5), Image.blend(clouds, round_, 0.5), Image.blend(slope, round_, 0.5))
    return Image.blend(Image.merge("RGB", bands), Image.merge("RGB", (Image.effect_noise(size, 12),) * 3), 0.15)


def encoded(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def read(data):
    return read_upload(io.BytesIO(data))


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def quarters(picture):
    width, height = picture.size
    points = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    return [picture.convert("RGB").getpixel((int(width * x), int(height * y))) for x, y in points]


def is_near(one, other, slack=24):
    return all(abs(a - b) <= slack for a, b in zip(one, other, strict=True))


def assert_upright(data):
    for found, wanted in zip(quarters(opened(data)), (RED, GREEN, BLUE, YELLOW), strict=True):
        assert is_near(found, wanted), (found, wanted)


def refused(data):
    with pytest.raises(PictureRefused) as caught:
        read(data)
    return caught.value.kind


TURNS_BACK = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_phone_comes_out_upright(orientation, kind):
    held = corners()
    if TURNS_BACK[orientation] is not None:
        held = held.transpose(TURNS_BACK[orientation])
    note = Image.Exif()
    note[0x0112] = orientation

    master = read(encoded(held, kind, exif=note))

    assert (master.width, master.height) == (400, 300)
    assert_upright(master.data)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_an_iphone_photo_is_turned_once(orientation):
    held = corners()
    if TURNS_BACK[orientation] is not None:
        held = held.transpose(TURNS_BACK[orientation])
    note = Image.Exif()
    note[0x0112] = orientation
    out = io.BytesIO()
    pillow_heif.from_pillow(held).save(out, quality=90, exif=note.tobytes())

    master = read(out.getvalue())

    assert (master.width, master.height) == (400, 300)
    assert_upright(master.data)


def test_an_impossible_orientation_is_ignored():
    note = Image.Exif()
    note[0x0112] = 77

    assert_upright(read(encoded(corners(), "JPEG", exif=note)).data)


def speaking_exif():
    note = Image.Exif()
    note[0x010E] = note[0x010F] = note[0x9286] = note[0x013B] = CANARY
    note.get_ifd(0x8825).update({1: "S", 2: (6.0, 12.0, 7.7), 3: "E", 4: (106.0, 5.0, 1.0), 29: CANARY})
    return note


def speaking_files():
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", CANARY)
    about.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{CANARY}</x:xmpmeta>")
    xmp, note, picture = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode(), speaking_exif(), corners()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    heic = io.BytesIO()
    pillow_heif.from_pillow(picture).save(heic, exif=note.tobytes(), xmp=xmp)
    jpeg = encoded(picture, "JPEG", exif=note, comment=CANARY, xmp=xmp, icc_profile=profile)
    return {
        "jpeg": jpeg,
        "jpeg with something behind": jpeg + f"<script>{CANARY}</script>".encode(),
        "png": encoded(picture, "PNG", exif=note, pnginfo=about, icc_profile=profile),
        "webp": encoded(picture, "WEBP", exif=note, xmp=xmp, icc_profile=profile),
        "heic": heic.getvalue(),
    }


@pytest.mark.parametrize("name", speaking_files())
def test_nothing_that_a_file_says_about_its_maker_survives(name):
    sent = speaking_files()[name]
    assert CANARY.encode() in sent

    master = read(sent)
    kept = [master.data, *(each.data for each in renditions(master.data).values())]

    for data in kept:
        assert CANARY.encode() not in data
        assert not [tag for tag in (b"Exif", b"GPS", b"ICC_PROFILE", b"ICCP", b"xmpmeta", b"EXIF") if tag in data]
        picture = opened(data)
        assert not picture.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(picture.info)


def test_the_camera_twin_of_that_test_finds_metadata_in_what_was_sent():
    assert opened(speaking_files()["jpeg"]).getexif().get_ifd(0x8825)[1] == "S"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("L", "PNG"),
        ("1", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
        ("I;16", "PNG"),
    ],
)
def test_every_way_of_storing_colours_becomes_plain_rgb(mode, kind):
    grey = corners(mode="L")
    picture = grey.convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else corners(mode=mode)

    master = opened(read(encoded(picture, kind)).data)

    assert master.mode == "RGB"
    if mode in ("CMYK", "P", "RGBA"):
        assert all(is_near(a, b, 40) for a, b in zip(quarters(master), (RED, GREEN, BLUE, YELLOW), strict=True))
    elif mode != "1":
        expected = [(v, v, v) for v in (grey.getpixel(p) for p in ((100, 75), (300, 75), (100, 225), (300, 225)))]
        assert all(is_near(a, b) for a, b in zip(quarters(master), expected, strict=True))


def test_sixteen_bit_colours_are_read():
    assert_upright(read(deep_png(corners())).data)


def deep_png(picture):
    """RGB with 16 bits a channel, which Pillow reads but does not write."""
    rows = b""
    for y in range(picture.height):
        line = picture.crop((0, y, picture.width, y + 1)).tobytes()
        rows += b"\0" + b"".join(bytes((value, value)) for value in line)
    return png_of(picture.size, rows, depth=16)


def png_of(size, rows, depth=8, colour=2):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_what_shines_through_becomes_white_without_dark_seams():
    drawn = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rectangle((200, 200, 399, 399), (200, 30, 30, 255))

    master = opened(read(encoded(drawn, "PNG")).data)

    assert is_near(master.getpixel((50, 50)), (255, 255, 255), 6)
    assert is_near(master.getpixel((300, 300)), (200, 30, 30), 12)


@pytest.mark.parametrize("mode", ["P", "RGB", "L"])
def test_a_colour_marked_as_clear_becomes_white(mode):
    picture = Image.new("RGB", (200, 200), (51, 102, 204))
    ImageDraw.Draw(picture).rectangle((0, 0, 99, 199), (255, 0, 0))
    picture = picture.convert(mode)
    data = encoded(picture, "PNG", transparency=picture.getpixel((150, 100)))

    master = opened(read(data).data)

    assert is_near(master.getpixel((150, 100)), (255, 255, 255), 8)


def test_wide_colours_of_a_camera_are_turned_into_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    for profile in (srgb, lab, b"not a profile", b"\0" * 3_000):
        assert_upright(read(encoded(corners(), "JPEG", icc_profile=profile)).data)


def test_a_large_photo_is_shrunk_and_a_small_one_never_enlarged():
    large = read(encoded(corners((3000, 4000)), "JPEG"))
    small = read(encoded(corners((90, 40)), "PNG"))

    assert (large.width, large.height) == (960, 1280)
    assert (small.width, small.height) == (90, 40)
    assert {(r.width, r.height) for r in renditions(small.data).values()} == {(90, 40), (40, 40)}


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (20_000, 3), (4000, 1)])
def test_odd_shapes_pass(size):
    for kind in ("JPEG", "PNG"):
        master = read(encoded(Image.new("RGB", size, RED), kind))
        assert max(master.width, master.height) == min(1280, max(size))
        assert all(made.width and made.height for made in renditions(master.data).values())


def test_the_sizes_are_square_for_cards_and_whole_for_the_page():
    made = renditions(read(encoded(corners((1600, 1200)), "JPEG")).data)

    assert {name: (r.width, r.height) for name, r in made.items()} == {
        "320.webp": (320, 320),
        "640.webp": (640, 640),
        "1280.webp": (1280, 960),
        "960.jpg": (960, 720),
    }
    for name, rendition in made.items():
        picture = opened(rendition.data)
        assert picture.format == {"webp": "WEBP", "jpg": "JPEG"}[rendition.extension]
        assert name.endswith(rendition.extension)
        assert rendition.content_type == Image.MIME[picture.format]
        assert_upright(rendition.data)


def test_the_square_is_cut_from_the_middle():
    wide = Image.new("RGB", (900, 300), BLUE)
    ImageDraw.Draw(wide).rectangle((300, 0, 599, 299), RED)

    square = opened(renditions(read(encoded(wide, "JPEG")).data)["320.webp"].data)

    assert all(is_near(square.getpixel(p), RED) for p in ((20, 20), (280, 20), (150, 150), (20, 280)))


def test_thumbnails_weigh_little_even_for_busy_photos():
    typical = renditions(read(encoded(phone_photo((1600, 1200)), "JPEG")).data)["320.webp"]
    noise = renditions(read(encoded(Image.effect_noise((900, 900), 90), "JPEG")).data)["320.webp"]

    assert len(typical.data) <= pictures.MOST_THUMB_BYTES
    assert len(noise.data) <= 20_000  # pure noise; nothing photographed comes near


def test_two_pictures_in_one_jpeg_are_a_photo_not_a_film():
    data = encoded(corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (100, 100), BLUE)])

    assert_upright(read(data).data)


def frames(kind):
    return encoded(corners(), kind, save_all=True, append_images=[Image.new("RGB", (400, 300), BLUE)], duration=80)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (frames("WEBP"), "moves"),
        (frames("PNG"), "moves"),
        (frames("GIF"), "not_a_picture"),
        (encoded(corners(), "GIF"), "not_a_picture"),
        (encoded(corners(), "TIFF"), "not_a_picture"),
        (encoded(corners(), "BMP"), "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_picture"),
        (b"<html><img src=x onerror=alert(1)></html>", "not_a_picture"),
        (b"%PDF-1.7\n" + b"x" * 500, "not_a_picture"),
        (b"RIFF\x10\0\0\0WEBPALPH" + b"\0" * 40, "not_a_picture"),
        (b"\0" * 5_000, "not_a_picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, "not_a_picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 500, "unopenable"),
        (encoded(corners((900, 900)), "JPEG")[:4_000], "unopenable"),
        (encoded(phone_photo((400, 300)), "PNG")[:9_000], "unopenable"),
        (encoded(phone_photo((400, 300)), "WEBP")[:1_000], "unopenable"),
        (png_of((20_000, 20_000), b"\0" * 1000), "too_large"),
        (png_of((12_000, 10_000), b"\0" * 1000), "too_large"),
    ],
)
def test_what_is_no_photo_is_refused_with_its_reason(data, kind):
    assert refused(data) == kind


def test_half_a_photo_stays_half_a_photo_after_a_pdf_was_drawn():
    """The PDF library tells Pillow to accept torn pictures; ours says no again."""
    optional.load("weasyprint")
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    out = io.BytesIO()
    phone_photo((800, 600)).save(out, "JPEG")

    assert refused(out.getvalue()[: len(out.getvalue()) // 2]) == "unopenable"


def test_a_truncated_iphone_photo_is_refused():
    out = io.BytesIO()
    pillow_heif.from_pillow(phone_photo((800, 600))).save(out)

    assert refused(out.getvalue()[: len(out.getvalue()) // 2]) == "unopenable"


def test_every_refusal_speaks_indonesian_and_says_the_way_on():
    for kind in (PictureRefused, *PictureRefused.__subclasses__()):
        sentence = str(kind())
        assert sentence.endswith(".")
        assert any(word in sentence for word in ("Coba", "Pilih", "Pakai", "Kirim", "Foto suratnya"))
        assert 400 <= kind.status < 500


def test_the_name_of_a_file_is_never_asked():
    class Upload(io.BytesIO):
        name = filename = "liburan.svg"

    assert_upright(read_upload(Upload(encoded(corners(), "JPEG"))).data)


def test_a_picture_that_is_also_a_page_loses_the_page():
    both = encoded(corners(), "JPEG", comment="<script>alert(1)</script>") + b"<html><script>alert(1)</script>"

    assert b"<script" not in read(both).data


def test_more_bytes_than_allowed_are_refused_unread():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(PictureRefused) as caught:
        read_upload(endless)

    assert caught.value.kind == "too_heavy"
    assert endless.taken == pictures.MOST_BYTES + 1


def test_where_nobody_counts_bytes_all_of_it_is_read(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 40 * 1024 * 1024)
    heavy = io.BytesIO(b"\xff" * (21 * 1024 * 1024))

    with pytest.raises(PictureRefused) as caught:
        read_upload(heavy)

    assert caught.value.kind != "too_heavy"
    assert heavy.tell() == 21 * 1024 * 1024


def heavy_photo(most):
    """A photo of so many bytes, full of detail as a good camera writes it."""
    data = encoded(Image.effect_noise((3600, 3600), 120).convert("RGB"), "JPEG", quality=98, subsampling=0)
    assert most * 2 // 3 < len(data) < most
    return data + b"\0" * (most - len(data))


def test_a_photo_just_under_20_mb_is_taken_and_one_byte_more_is_not():
    photo = heavy_photo(20 * 1024 * 1024)

    assert (read(photo).width, read(photo).height) == (1280, 1280)
    assert refused(photo + b"\0") == "too_heavy"


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_frames_are_counted_before_they_are_decoded(kind, monkeypatch):
    film, decoded = frames(kind), []
    for plugin in (WebPImagePlugin.WebPImageFile, PngImagePlugin.PngImageFile):
        monkeypatch.setattr(plugin, "load", lambda self: decoded.append(self.size))

    assert refused(film) == "moves"
    assert decoded == []


def test_where_nobody_counts_frames_a_film_becomes_a_photo(monkeypatch):
    film = frames("WEBP")
    monkeypatch.setattr(pictures, "PictureMoves", None)
    monkeypatch.setattr(pictures, "getattr", lambda image, name, default: 1, raising=False)

    assert (read(film).width, read(film).height) == (400, 300)


def test_the_pixel_limit_lies_between_two_neighbouring_sizes():
    assert pictures.MOST_PIXELS >= 9248 * 6936  # a "64 MP" phone
    pictures._check_size((8192, 8192), pictures.MOST_PIXELS)
    with pytest.raises(PictureRefused):
        pictures._check_size((8193, 8192), pictures.MOST_PIXELS)


def test_limits_hold_before_pixels_are_decoded(monkeypatch):
    decoded = []
    monkeypatch.setattr(Image.Image, "load", lambda self: decoded.append(self.size))
    large = png_of((9000, 9000), b"\0")
    webp = b"RIFF\xff\xff\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (9000).to_bytes(3, "little") * 2 + b"\0" * 40

    assert refused(large) == refused(webp) == "too_large"
    assert decoded == []


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}, {"quality": 80, "exif": b"Exif\0\0MM"}])
def test_webp_sizes_are_read_from_each_kind_of_header(options):
    assert pictures._webp_size(encoded(Image.new("RGB", (421, 77), RED), "WEBP", **options)) == (421, 77)


def test_a_jpeg_of_endless_scans_is_refused():
    one = encoded(corners((64, 64)), "JPEG", progressive=True)
    scan = one.index(b"\xff\xda")
    many = one[:-2] + one[scan:-2] * 300 + one[-2:]

    assert refused(many) == "unopenable"


def test_noise_in_the_middle_of_a_file_never_escapes_as_another_error():
    for kind in ("JPEG", "PNG", "WEBP"):
        good = encoded(phone_photo((160, 120)), kind)
        for place in range(0, len(good), max(1, len(good) // 60)):
            bad = good[:place] + bytes((good[place] ^ 0xFF,)) * 3 + good[place + 3 :]
            try:
                assert renditions(read(bad).data)
            except PictureRefused:
                continue


# VmHWM and not ru_maxrss: the latter is handed down from the process that starts this one.
COST = """
import re, sys, time
from pathlib import Path
from PIL import Image, ImageOps
from app.core.pictures import PictureRefused, read_upload, renditions
Image.init()

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

def naive(path):
    whole = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    return [whole.resize((side, side)) for side in (1280, 640, 320)]

before, began = peak(), time.process_time()
try:
    if sys.argv[2] == "naive":
        naive(sys.argv[1])
    else:
        with open(sys.argv[1], "rb") as stream:
            renditions(read_upload(stream).data)
except PictureRefused:
    pass
print(peak() - before, time.process_time() - began)
"""


def cost(path, way="ours"):
    """Memory of one photo in a process of its own, in MiB, and its time of CPU; ended by the system after 20 s."""
    ran = subprocess.run(
        [sys.executable, "-c", COST, str(path), way],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (20, 20)),
    )
    mib, seconds = map(float, ran.stdout.split())
    return mib, seconds


def test_a_phone_photo_of_12_megapixels_costs_at_most_80_mib(tmp_path):
    phone_photo((4000, 3000)).save(tmp_path / "foto.jpg", quality=92)

    assert 5 < cost(tmp_path / "foto.jpg")[0] <= 80
    assert cost(tmp_path / "foto.jpg", "naive")[0] > 80  # the measure can tell the difference


def test_a_phone_photo_of_48_megapixels_costs_no_more(tmp_path):
    phone_photo((2016, 1512)).resize((8064, 6048)).save(tmp_path / "foto.jpg", quality=90)

    assert 5 < cost(tmp_path / "foto.jpg")[0] <= 80
    assert cost(tmp_path / "foto.jpg", "naive")[0] > 200


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["rgba", "deep", "scans", "webp", "bomb"])
def test_a_hostile_picture_costs_less_than_400_mib_and_five_seconds(tmp_path, shape):
    path = tmp_path / "foto"
    if shape == "rgba":
        Image.new("RGBA", (8192, 8192), (9, 9, 9, 99)).save(path, "PNG", compress_level=1)
    elif shape == "deep":
        path.write_bytes(png_of((8192, 8192), b"\0" * (8192 * 6 + 1) * 8192, depth=16))
    elif shape == "scans":
        Image.new("RGB", (8192, 4096), RED).save(path, "JPEG", progressive=True, subsampling=0)
    elif shape == "webp":
        Image.new("RGB", (4096, 4096), RED).save(path, "WEBP", lossless=True)
    else:
        path.write_bytes(png_of((20_000, 20_000), b"\0" * 50_000_000))

    mib, seconds = cost(path)

    assert mib < 400
    assert seconds < 5


def most_at_once(monkeypatch, patience=0.05):
    """Send four photos at the same moment; return how many were decoded together, where each waits for a second."""
    inside, most, met = [], [], threading.Event()

    def slow(data):
        inside.append(data)
        most.append(len(inside))
        if len(inside) > 1:
            met.set()
        met.wait(patience)
        inside.pop()

    monkeypatch.setattr(pictures, "_read_common", slow)
    with ThreadPoolExecutor(4) as senders:
        list(senders.map(read, [b"foto"] * 4))
    return max(most)


def test_photos_sent_together_are_decoded_one_after_the_other(monkeypatch):
    assert most_at_once(monkeypatch) == 1


def test_the_twin_without_the_queue_decodes_them_side_by_side(monkeypatch):
    monkeypatch.setattr(pictures, "_DECODING", nullcontext())

    assert most_at_once(monkeypatch, patience=30) > 1


def test_colours_stay_close_to_what_was_photographed():
    photo = phone_photo((1200, 900))

    made = opened(read(encoded(photo, "JPEG", quality=95)).data)

    assert max(ImageStat.Stat(ImageChops.difference(photo, made)).mean) < 6
