"""What a page must hold on the smallest phone: nothing beside the window, nothing too small for a thumb or too pale."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page

THUMB_PX: Final = 44
CONTRAST: Final = 4.5
LARGE_CONTRAST: Final = 3.0

_LOOK: Final = """([thumb, least, leastLarge]) => {
  const found = [];
  const name = node => `<${node.localName} class="${node.className}"> ${node.textContent.trim().slice(0, 30)}`;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`wide: ${root.scrollWidth} px in ${root.clientWidth}`);

  // A part that scrolls sideways hides its end: rows of ways do, and what says so and takes the focus.
  for (const node of document.querySelectorAll('main *')) {
    if (node.scrollWidth > node.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(node).overflowX)
        && !node.matches('nav, input, textarea, [tabindex="0"][aria-label]'))
      found.push(`hidden: ${node.scrollWidth} px in ${node.clientWidth} ${name(node)}`);
  }

  const shown = node => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0 && node.checkVisibility({visibilityProperty: true});
  };
  for (const node of document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')) {
    const bare = node.type === 'file' && node.getBoundingClientRect().height >= thumb - .5;
    const ticked = ['checkbox', 'radio', 'file'].includes(node.type) && !bare;
    // A link whose cover lies over its card is as large as the card.
    const covers = getComputedStyle(node, '::after').position === 'absolute';
    const target = covers ? node.offsetParent : ticked ? node.closest('label') || node.labels?.[0] || node : node;
    // A link in the middle of a sentence is as high as its line (WCAG 2.5.8).
    if (!shown(target) || !covers && getComputedStyle(target).display === 'inline') continue;
    const box = target.getBoundingClientRect();
    if (box.height < thumb - .5) found.push(`small: ${Math.round(box.height)} px ${name(target)}`);
  }

  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parts = colour => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = node => {
    if (!node) return [255, 255, 255, 1];
    const own = parts(getComputedStyle(node).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(node.parentElement));
  };
  const light = colour => {
    const [red, green, blue] = colour.map(value => {
      const part = value / 255;
      return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
    });
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const judged = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || judged.has(node)) continue;
    judged.add(node);
    if (!shown(node) || node.closest('[disabled], [aria-disabled=true], svg, script, style, noscript')) continue;
    const style = getComputedStyle(node), back = ground(node);
    const [one, other] = [light(over(parts(style.color), back)), light(back)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
    const ratio = (one + .05) / (other + .05);
    if (ratio < (large ? leastLarge : least)) found.push(`pale: ${ratio.toFixed(2)} ${name(node)}`);
  }
  return found;
}"""


def misfits(page: Page) -> list[str]:
    """Name what does not fit the page that is open.

    Source: design/brief.md 10; WCAG 2.2, 1.4.3 and 1.4.10.
    """
    # A click returns before the next page has come: what lies between two pages has no root element.
    page.wait_for_load_state()
    page.locator("h1").first.wait_for(state="attached")
    found: list[str] = page.evaluate(_LOOK, [THUMB_PX, CONTRAST, LARGE_CONTRAST])
    return found


def too_wide(page: Page) -> list[str]:
    """Name how much of the page that is open lies beside the window."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"wide: {width} px in {room}"] if width > room else []
