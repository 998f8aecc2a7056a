"""Budget 10: CPU and memory of one photo, from upload to all sizes, each in a process of its own.

Prints JSON: for each generated photo the CPU milliseconds (user and system, median of rounds) and
the peak memory in MiB above a process that has only imported the code.

    python bench/pictures.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pillow_heif
from PIL import Image, ImageFilter

ROOT = Path(__file__).resolve().parents[1]
BUDGET_CPU_MS = 350
BUDGET_MIB = 80

# VmHWM and not ru_maxrss: the latter is handed down from the process that starts this one.
COST = """
import json, re, sys, time
from pathlib import Path
from PIL import Image
from app.core.pictures import read_upload, renditions
Image.init()
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before, started = peak(), time.process_time()
with open(sys.argv[1], "rb") as stream:
    master = read_upload(stream)
answered = time.process_time()
made = renditions(master.data)
ended = time.process_time()
print(json.dumps({
    "upload_cpu_ms": (answered - started) * 1000,
    "cpu_ms": (ended - started) * 1000,
    "peak_mib": peak() - before,
    "bytes": {"master": len(master.data), **{name: len(each.data) for name, each in made.items()}},
}))
"""


def photo(size: tuple[int, int]) -> Image.Image:
    """Draw soft shapes with grain, about as heavy to decode as a photo of a phone."""
    clouds = Image.effect_noise((size[0] // 8, size[1] // 8), 60).filter(ImageFilter.GaussianBlur(1))
    clouds = clouds.resize(size, Image.Resampling.BICUBIC)
    slope, circle = Image.linear_gradient("L").resize(size), Image.radial_gradient("L").resize(size)
    bands = (Image.blend(clouds, slope, 0.5), Image.blend(clouds, circle, 0.5), Image.blend(slope, circle, 0.5))
    grain = Image.effect_noise(size, 24)
    return Image.blend(Image.merge("RGB", bands), Image.merge("RGB", (grain,) * 3), 0.15)


def draw_all(folder: Path) -> dict[str, Path]:
    """Write the three photos and return them by name."""
    files = {name: folder / name for name in ("12mp.jpg", "48mp.jpg", "12mp.heic")}
    twelve = photo((4000, 3000))
    twelve.save(files["12mp.jpg"], quality=93)
    pillow_heif.from_pillow(twelve).save(files["12mp.heic"], quality=60)
    photo((8064, 6048)).save(files["48mp.jpg"], quality=90)
    return files


def measure(path: Path) -> dict:
    """Play one photo in a fresh process."""
    ran = subprocess.run([sys.executable, "-c", COST, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def summary(path: Path, rounds: int) -> dict:
    """Take the median of the rounds."""
    runs = [measure(path) for _ in range(rounds)]
    middle = {
        key: round(statistics.median(run[key] for run in runs)) for key in ("upload_cpu_ms", "cpu_ms", "peak_mib")
    }
    return {"file_kb": path.stat().st_size // 1024, **middle, "bytes": runs[0]["bytes"]}


def run(rounds: int = 3) -> dict:
    """Return every figure and whether the budget of the 12 MP JPEG is kept."""
    with tempfile.TemporaryDirectory() as folder:
        figures = {name: summary(path, rounds) for name, path in draw_all(Path(folder)).items()}
    phone = figures["12mp.jpg"]
    kept = phone["cpu_ms"] <= BUDGET_CPU_MS and phone["peak_mib"] <= BUDGET_MIB
    return {
        "machine": platform.machine(),
        "budget": {"cpu_ms": BUDGET_CPU_MS, "peak_mib": BUDGET_MIB, "kept": kept},
        "photos": figures,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    result = run(parser.parse_args().rounds)
    print(json.dumps(result, indent=2))
    sys.exit(0 if result["budget"]["kept"] else 1)
