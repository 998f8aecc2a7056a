"""What a page must tell somebody who hears it: asked of Chromium's own accessibility tree, as screen readers ask it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

# What can be pressed, chosen or filled, and must say what it is.
CONTROLS: Final = frozenset((
    "button", "checkbox", "combobox", "DisclosureTriangle", "link", "listbox", "menuitem", "option", "radio",
    "searchbox", "slider", "spinbutton", "switch", "tab", "textbox",
))  # fmt: skip
# Parts of a page that one jumps between; where several are alike, each needs a name of its own. Forms and regions are
# parts only when they have a name.
LANDMARKS: Final = ("navigation", "complementary", "search", "form", "region")
NAMED_ONLY: Final = ("form", "region")
_TIES: Final = """() => {
  const found = [];
  const name = node => `<${node.localName} id="${node.id}"> ${node.textContent.trim().slice(0, 30)}`;
  const parts = (node, which) => (node.getAttribute(which) || '').split(/\\s+/).filter(Boolean);
  for (const which of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'for', 'headers', 'list'])
    for (const node of document.querySelectorAll(`[${which}]`))
      for (const id of parts(node, which))
        if (!document.getElementById(id)) found.push(`${which} points at nothing: ${id} of ${name(node)}`);
  for (const node of document.querySelectorAll('a[href^="#"]'))
    if (node.hash.length < 2 || !document.getElementById(decodeURIComponent(node.hash.slice(1))))
      found.push(`a jump to nothing: ${node.getAttribute('href')} of ${name(node)}`);
  for (const node of document.querySelectorAll('img:not([alt])')) found.push(`no alt: ${node.getAttribute('src')}`);
  const described = [...document.querySelectorAll('[aria-describedby]')];
  for (const error of document.querySelectorAll('form .field__error')) {
    const fields = described.filter(node => error.id && parts(node, 'aria-describedby').includes(error.id));
    if (!fields.length) found.push(`a mistake of no field: ${name(error)}`);
    else if (!fields.some(node => node.matches('[aria-invalid=true]') || node.querySelector('[aria-invalid=true]')))
      found.push(`a mistake of a field that is not said to be wrong: ${name(error)}`);
  }
  return found;
}"""


def unheard(page: Page) -> list[str]:
    """Name what somebody who hears the page that is open would miss.

    Source: WCAG 2.2, 1.1.1, 1.3.1, 2.4.6, 3.3.1 and 4.1.2.
    """
    page.wait_for_load_state()
    page.locator("h1").first.wait_for(state="attached")
    session = page.context.new_cdp_session(page)
    nodes = [each for each in session.send("Accessibility.getFullAXTree")["nodes"] if not each.get("ignored")]
    found: list[str] = page.evaluate(_TIES)
    for node in nodes:
        if _role(node) in CONTROLS | {"image"} and not _name(node):
            found.append(f"no name: {_role(node)} {_drawn(session, node)}")
    session.detach()
    return found + _shape(nodes)


def _shape(nodes: list[dict[str, Any]]) -> list[str]:
    """Name what is wrong with the headings and the parts of a page."""
    heads = [_name(node) for node in nodes if _role(node) == "heading" and _level(node) == 1]
    mains = [node for node in nodes if _role(node) == "main"]
    found = [f"{len(heads)} h1: {heads}"] * (len(heads) != 1) + [f"{len(mains)} main"] * (len(mains) != 1)
    alike: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        if _name(node) or _role(node) not in NAMED_ONLY:
            alike[_role(node)].append(_name(node))
    for role in LANDMARKS:
        names = alike[role]
        if len(names) > 1 and (not all(names) or len(set(names)) < len(names)):
            found.append(f"not told apart: {role} {names}")
    return found


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def _level(node: dict[str, Any]) -> int:
    return next((int(each["value"]["value"]) for each in node.get("properties", ()) if each["name"] == "level"), 0)


def _drawn(session: CDPSession, node: dict[str, Any]) -> str:
    """Return the beginning of what a node is written as."""
    written = session.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})["outerHTML"]
    return str(written)[:100]
