"""Which drawing shows which goods: by category, and by a word of the name where a category holds several kinds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from PIL import Image

from app.site.demo.drawings import bazaars, cloth, crafts, crisps, dry, eggs, fish, fresh, meals, sweets, tools
from app.site.demo.drawings.canvas import Canvas, veil
from app.site.demo.drawings.colours import CREAM

Drawing = Callable[[Canvas, str], None]

# (word of the sample's slug, drawing); the first that fits is taken, "" fits always.
BOOK: Final[dict[str, tuple[tuple[str, Drawing], ...]]] = {
    "keripik-kerupuk": (("", crisps.snacks),),
    "emping-ceplis": (("", crisps.snacks),),
    "opak-rengginang": (("", crisps.snacks),),
    "kacang-biji": (("", crisps.snacks),),
    "kue-tradisional": (("", dry.cookies),),
    "kue-kering": (("", dry.cookies),),
    "kue-basah": (("lemper", fish.rolls), ("", sweets.morning)),
    "roti-bolu": (("", sweets.breads),),
    "telur-asin": (("", eggs.salted_eggs),),
    "olahan-ikan": (
        ("sate", fish.skewers), ("bontot", fish.rolls), ("otak", fish.rolls), ("abon", dry.jars),
        ("teri", fish.small_fish), ("rebon", fish.small_fish), ("terasi", fish.small_fish), ("", fish.fishes),
    ),
    "olahan-daging": (("abon", dry.jars), ("serundeng", dry.powders), ("", sweets.beans)),
    "tahu-tempe": (("", sweets.beans),),
    "makanan-beku": (("", sweets.frozen),),
    "bubur-kolak": (("", meals.porridge),),
    "nasi-lauk": (
        ("rabeg", meals.porridge), ("sayur", meals.porridge), ("angeun", meals.porridge), ("sumsum", fish.rolls),
        ("pecak", fish.fishes), ("", meals.rice),
    ),
    "katering-snackbox": (("", meals.rice),),
    "minuman-segar": (("kedelai", dry.bottles), ("", meals.drinks)),
    "minuman-serbuk": (("", dry.powders),),
    "kopi-teh": (("", dry.powders),),
    "sambal-bumbu": (("bumbu", dry.powders), ("", dry.jars)),
    "gula-madu": (("madu", dry.bottles), ("semut", dry.powders), ("", dry.sugar)),
    "tepung-bahan": (("minyak", dry.bottles), ("", dry.powders)),
    "sayur-buah": (("", fresh.harvest),),
    "telur-ternak": (("", eggs.raw_eggs),),
    "hasil-laut": (("rumput", fresh.harvest), ("", fish.fishes)),
    "tanaman-bunga": (("", fresh.plants),),
    "batik-tenun": (("kemeja", cloth.garments), ("", cloth.folded)),
    "busana-muslim": (("", cloth.garments),),
    "konveksi": (("sarung", cloth.folded), ("keset", cloth.folded), ("", cloth.garments)),
    "bordir-rajut": (("tas", cloth.bags), ("topi", cloth.garments), ("", cloth.folded)),
    "perhiasan-imitasi": (("bros", cloth.hair), ("", crafts.beads)),
    "tas-dompet": (("", cloth.bags),),
    "hiasan-rambut-hijab": (("", cloth.hair),),
    "anyaman": (("", crafts.baskets),),
    "gerabah-keramik": (("", crafts.clay),),
    "logam-golok": (("", tools.blades),),
    "kayu-bambu": (("", crafts.wood),),
    "suvenir": (("gantungan", tools.blades), ("", crafts.hampers)),
    "kebersihan": (("sabun", dry.bottles), ("", tools.home)),
    "perlengkapan-dapur": (("tatakan", crafts.baskets), ("", cloth.folded)),
    "jasa-jahit": (("", tools.sewing),),
    "jasa-rias-cukur": (("", tools.grooming),),
    "jasa-lain": (("", tools.laundry),),
    "bazar": (("meja", bazaars.table), ("ramai", bazaars.crowd), ("", bazaars.yard)),
}  # fmt: skip


def draw(category: str, sample: str, dice: Random) -> Image.Image:
    """Return the picture of one product, the same for the same dice."""
    canvas = Canvas(dice, CREAM)
    drawing = next(each for word, each in BOOK.get(category, (("", crafts.hampers),)) if word in sample)
    drawing(canvas, sample)
    return veil(canvas.finished())
