"""Draw what is shown of goods without a photo when somebody shares them: `app/static/img/share`, one per drawing.

`.venv/bin/python tools/share_pictures.py` after `app/static/img/drawings.svg` or a colour of `tokens.css` has changed.
Phones and networks show no SVG, so Chromium draws each once, in the size that they ask for.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.goods.categories.rules import DRAWINGS, PLAIN  # noqa: E402 - found by the line above

STATIC = ROOT / "app" / "static"
SIZE = (1200, 630)
SIDE = 560
PAGE = """<style>body {{ margin: 0; display: grid; place-items: center; height: 100vh; background: {ground} }}</style>
{drawings}<svg width="{side}" height="{side}" viewBox="0 0 200 200"><use href="#{name}"/></svg>"""


def main() -> None:
    """Draw all of them anew."""
    colours = dict(re.findall(r"--(\w+)-100: (#\w+)", (STATIC / "css/tokens.css").read_text(encoding="utf-8")))
    drawings = (STATIC / "img/drawings.svg").read_text(encoding="utf-8").replace("<svg ", "<svg hidden ", 1)
    tints = {name: tint or "toska" for name, tint in (PLAIN, *reversed(DRAWINGS.values()))}
    folder = STATIC / "img/share"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        for name, tint in tints.items():
            page.set_content(PAGE.format(ground=colours[tint], drawings=drawings, side=SIDE, name=name))
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            shot.save(folder / f"{name}.jpg", quality=82, optimize=True, progressive=True)
        browser.close()


if __name__ == "__main__":
    main()
