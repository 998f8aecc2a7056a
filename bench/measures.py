"""The measurements, one function a budget of the performance specification."""

from __future__ import annotations

import statistics
from typing import Any

import growth as curve
import load
import memory as held
import phone as slow_phone
import pictures
import scores
import starting
import stock as hot_stock
from serving import Figures, app_server, environment, fill_app, floor_server, server

CONCURRENCY = [1, 16]
WARM_SECS = 2
PAGES = ("/", "/produk", "/produk?kategori=telur-asin", "/produk?urut=termurah", "/produk?q=telor+asin", "/lapak")


def catalogue(figures: Figures) -> None:
    """Budget 1: the catalogue page with caches off, and kept whole, against the floor's plain one."""
    listing = {"urls": [{"name": "listing", "path": "/produk"}]}
    for label, cache, least in (("cold", "off", 1.0), ("warm", "on", 3.0)):
        floor, app = _in_turn(figures, listing, LAPAK_CACHE=cache)
        for conc in CONCURRENCY:
            mine, base = app["listing", conc], floor["listing", conc]
            ratio = base["cpu_ms"] / mine["cpu_ms"]
            measured = f"{mine['cpu_ms']:.2f} ms against {base['cpu_ms']:.2f} ms = {ratio:.2f} ×"
            what = f"catalogue page {label}, {conc} at a time, CPU per request"
            figures.add("1", what, measured, f"≥ {least} × floor", met=ratio >= least)
            figures.notes.append(
                f"- listing {label}, {conc} at a time: product {mine['rps']:.0f}/s, floor {base['rps']:.0f}/s"
            )


def repeat(figures: Figures) -> None:
    """Budget 11: a repeat visit is told that nothing is new, for a part of what the full page costs."""
    slugs, _ = _for_sale(figures)
    for name, path in (("catalogue", "/produk"), ("product", f"/produk/{slugs[0]}")):
        found: dict[str, list[float]] = {"full": [], "304": []}
        for _round in range(figures.rounds):
            for label, cache in (("full", "off"), ("304", "on")):
                command, folder, env, base = app_server(figures, LAPAK_CACHE=cache)
                with server(command, folder, env, base + "/healthz") as pid:
                    tag = load.Client(base).call("GET", path)[0].getheader("ETag") or ""
                    url = {"name": name, "path": path, "headers": {"If-None-Match": tag} if tag else {}}
                    load.run({"urls": [url]}, base, [1], WARM_SECS, verbose=False)
                    rows = load.run({"urls": [url]}, base, [1], figures.secs, [pid], label=label)["rows"]
                found[label].append(rows[0]["cpu_ms"])
        full, known = (statistics.median(found[label]) for label in ("full", "304"))
        measured = f"{known:.2f} ms against {full:.2f} ms = {known / full:.2f} ×"
        figures.add(
            "11", f"304 for the {name} page, CPU per request", measured, "≤ 0.25 × the full page",
            met=known <= 0.25 * full, binding=False,
        )  # fmt: skip


def checkout(figures: Figures) -> None:
    """Budget 5: whole checkouts over HTTP, sixteen buyers at once."""
    fill_app(figures)
    slugs, variants = _for_sale(figures)
    some = "{w:" + "|".join(map(str, variants)) + "}"
    ours = {
        "flows": [
            {
                "name": "checkout",
                "vars": {
                    "slug": "{w:" + "|".join(slugs) + "}",
                    "varian": some,
                    "kunci": "{n:1:999999999}{n:1:999999999}{n:1:999999999}",
                },
                "steps": [
                    {"get": "/produk/{slug}", "expect": [200]},
                    {"post": "/keranjang", "form": {"varian": "{varian}", "jumlah": "1"}, "expect": [303]},
                    {
                        "post": "/pesan",
                        "form": {"kunci": "{kunci}", "nama": "Pembeli Uji", "telepon": "0812{n:10000000:99999999}"},
                        "expect": [303],
                        "must": "/pesan/selesai/",
                    },
                ],
            }
        ]
    }
    theirs = {
        "flows": [
            {
                "name": "checkout",
                "vars": {"a": "{n:1:1000}"},
                "steps": [
                    {"get": "/produk/{a}"},
                    {"post": "/keranjang", "form": {"product": "{a}"}, "expect": [200]},
                    {"post": "/pesan", "form": {"lines": "{a}:1"}, "expect": [201], "must": '"ok":true'},
                ],
            }
        ]
    }
    floor, app = _in_turn(figures, ours, theirs=theirs, concs=[16])
    mine, base = app["checkout", 16], floor["checkout", 16]
    ratio = mine["rps"] / base["rps"]
    measured = f"{mine['rps']:.0f}/s against {base['rps']:.0f}/s = {ratio:.2f} ×, {mine['err']} errors"
    figures.add(
        "5",
        "checkout, 16 buyers, synchronous=FULL",
        measured,
        "≥ 0.5 × floor, 0 errors",
        met=ratio >= 0.5 and not mine["err"],
    )
    if mine.get("why"):
        figures.notes.append(f"- checkout errors: {mine['why']}")


def queries(figures: Figures) -> None:
    """Budget 2: statements per public page, counted where they are sent."""
    counted = hot_stock.count_queries(environment(figures, LAPAK_CACHE="off"), _paths(figures))
    most = max(counted.values())
    figures.add("2", "SQL statements per public page, caches off", f"at most {most}", "≤ 6", met=most <= 6)
    figures.notes.append("- statements: " + ", ".join(f"`{path}` {number}" for path, number in counted.items()))


def stock(figures: Figures) -> None:
    """Budget 6: sixteen processes, twenty hot products, one worker killed half-way."""
    result = hot_stock.hammer()
    measured = (
        f"{result['orders']} orders, {result['sold_out']} sold out, books {'exact' if result['exact'] else 'WRONG'}"
    )
    figures.add(
        "6", "stock under 16 processes × 20 hot products, one killed", measured, "books exact", met=result["exact"]
    )


def weight(figures: Figures) -> None:
    """Budget 7: bytes of a first and a second visit."""
    command, folder, env, base = app_server(figures)
    with server(command, folder, env, base + "/healthz"):
        for path in ("/", "/produk"):
            found = load.weight(base + path)
            html = found["html_sent"]
            shared = sum(row[1] for row in found["rows"] if row[4].endswith((".css", ".js", ".woff2")))
            pictures_sent = [row for row in found["rows"] if row[0] in {"img", "source"}]
            before = len([row for row in found["rows"] if row[0] in {"html", "link", "script"}])
            figures.add("7", f"HTML of `{path}`, compressed", f"{html / 1024:.1f} KB", "≤ 14 KB", met=html <= 14 * 1024)
            figures.add(
                "7", f"CSS + JS + font of `{path}`", f"{shared / 1024:.1f} KB", "≤ 45 KB", met=shared <= 45 * 1024
            )
            figures.add("7", f"requests before pictures of `{path}`", str(before), "≤ 5", met=before <= 5)
            figures.notes.append(f"- `{path}`: {len(pictures_sent)} pictures named in the page")


def phone(figures: Figures) -> None:
    """Budgets 7 and 8 in a real browser: bytes with pictures, slow 3G, layout shift."""
    command, folder, env, base = app_server(figures)
    slugs, _ = _for_sale(figures)
    with server(command, folder, env, base + "/healthz"):
        first = slow_phone.visit(base + "/produk", throttle=False)
        second = slow_phone.visit(base + "/produk", throttle=False, again=True)
        slow = slow_phone.visit(f"{base}/produk/{slugs[0]}", throttle=True, wait_for=".price")
    figures.add(
        "7",
        "first visit of the catalogue with its thumbnails",
        f"{first['bytes'] / 1024:.0f} KB",
        "≤ 250 KB",
        met=first["bytes"] <= 250 * 1024,
    )
    figures.add("7", "second visit", f"{second['bytes'] / 1024:.1f} KB", "≤ 15 KB", met=second["bytes"] <= 15 * 1024)
    figures.add(
        "8",
        "slow 3G, CPU/4: price readable on a product page",
        f"{slow['seen']:.2f} s",
        "< 3 s",
        met=slow["seen"] < 3,
        binding=False,
    )
    figures.add(
        "8", "slow 3G, CPU/4: first content", f"{slow['fcp']:.2f} s", "< 2.5 s", met=slow["fcp"] < 2.5, binding=False
    )
    figures.add("8", "layout shift", f"{slow['cls']:.3f}", "< 0.02", met=slow["cls"] < 0.02, binding=False)


def lighthouse(figures: Figures) -> None:
    """Budget 8: Lighthouse's scores on a phone, of strangers' pages and of a seller's."""
    why = scores.missing()
    if why:
        figures.notes.append(f"- Lighthouse was not run: {why}")
        return
    command, folder, env, base = app_server(figures)
    slugs, _ = _for_sale(figures)
    with server(command, folder, env, base + "/healthz"):
        for path in ("/", "/produk", f"/produk/{slugs[0]}", scores.first_shop(base), "/keranjang"):
            found = scores.measure(base + path, figures.rounds, closed=path == "/keranjang")
            _score(figures, path, found, least=100)
        cookie = scores.seller_cookie(base, scores.seller(environment(figures)))
        found = scores.measure(f"{base}/jualan", figures.rounds, {"Cookie": cookie}, closed=True)
        _score(figures, "/jualan", found, least=95)
    figures.notes.append("- `/keranjang` and `/jualan` keep search engines out on purpose; their SEO counts the rest")


def _score(figures: Figures, path: str, found: scores.Scores, *, least: int) -> None:
    measured = " / ".join(f"{found[part]:.0f}" for part in scores.PARTS) + f", CLS {found['cls']:.3f}"
    whole = all(found[part] >= 100 for part in scores.PARTS[1:])
    met = whole and found["performance"] >= least and found["cls"] < 0.02
    budget = f"{'≥ ' if least < 100 else ''}{least} / 100 / 100 / 100, CLS < 0.02"
    figures.add("8", f"Lighthouse, phone, `{path}`", measured, budget, met=met, binding=False)


def photo(figures: Figures) -> None:
    """Budget 10: one phone photo to all its sizes."""
    found = pictures.run()
    jpeg, heic = found["photos"]["12mp.jpg"], found["photos"].get("12mp.heic", {})
    cpu, memory = float(jpeg["cpu_ms"]), float(jpeg["peak_mib"])
    met = bool(found["budget"]["kept"])
    figures.add(
        "10", "12 MP phone JPEG to all sizes", f"{cpu:.0f} ms CPU, {memory:.0f} MiB", "≤ 350 ms, ≤ 80 MiB", met=met
    )
    if large := found["photos"].get("48mp.jpg"):
        figures.notes.append(f"- 48 MP JPEG beside it: {large['cpu_ms']:.0f} ms CPU, {large['peak_mib']:.0f} MiB")
    if heic:
        figures.notes.append(f"- 12 MP HEIC beside it: {heic['cpu_ms']:.0f} ms CPU, {heic['peak_mib']:.0f} MiB")


def memory(figures: Figures) -> None:
    """Budget 9: what a web process holds after some thousand requests, and how soon a cold start answers."""
    fill_app(figures)
    slugs, _ = _for_sale(figures)
    found = held.run(figures, slugs)
    most = max(found["after"])
    measured = f"{most:.0f} MiB PSS after {found['requests']} requests, {max(found['rest']):.0f} at rest"
    figures.add("9", "memory of a web process", measured, "≤ 90 MiB PSS", met=most <= 90, binding=False)
    start = found["start"]
    figures.add("9", "cold start to the first 200", f"{start:.1f} s", "≤ 2 s", met=start <= 2, binding=False)


def start(figures: Figures) -> None:
    """The promise of a newcomer's second `make run`: it serves in under three seconds."""
    fill_app(figures)
    taken, worked = (statistics.median(each) for each in zip(*starting.run(figures), strict=True))
    figures.add("–", "second `make run`, until it serves", f"{taken:.1f} s", "< 3 s", met=taken < 3, binding=False)
    figures.notes.append(f"- of these it works {worked:.1f} s; the rest it waits")


def growth(figures: Figures) -> None:
    """Budgets 3 and 4: what lists, words and statements cost from the smallest to the largest size, on both engines."""
    found = curve.run(figures, figures.sizes)
    few, many = min(figures.sizes), max(figures.sizes)
    for engine, by_size in found.items():
        large, slowest = by_size[many]["pages"], (0.0, "")
        for name, page in large.items():
            slowest = max(slowest, *((took, name) for took, _ in page["statements"]), (0.0, ""))
        for number, names, most, what in (
            ("3", curve.LISTS, 1.3, "lists and details"),
            ("4", large.keys() - curve.LISTS.keys(), 2.0, "any word, suggestion or typo"),
        ):
            grown = max(
                (curve.cost(large[name], engine) / curve.cost(curve.alike(by_size[few]["pages"], name), engine), name)
                for name in names
            )
            told = f"{grown[0]:.2f} × ({grown[1]})"
            figures.add(
                number, f"{what}, {few} to {many} products, {engine}", told, f"≤ {most} ×", met=grown[0] <= most
            )
        told = f"{slowest[0]:.1f} ms ({slowest[1]})"
        figures.add(
            "4", f"slowest statement at {many} products, {engine}", told, f"≤ {curve.MOST_MS:.0f} ms of the engine",
            met=slowest[0] <= curve.MOST_MS,
        )  # fmt: skip
        figures.notes += curve.table(engine, by_size)


def _in_turn(
    figures: Figures,
    ours: dict[str, Any],
    *,
    theirs: dict[str, Any] | None = None,
    concs: list[int] | None = None,
    **more: str,
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Measure floor and product in turn and return the medians by (name, concurrency)."""
    floor: list[dict[str, Any]] = []
    app: list[dict[str, Any]] = []
    for number in range(figures.rounds):
        for label, how, targets, kept in (
            ("floor", floor_server(figures), theirs or ours, floor),
            ("product", app_server(figures, **more), ours, app),
        ):
            command, folder, env, base = how
            with server(command, folder, env, base + ("/produk" if label == "floor" else "/healthz")) as pid:
                # Both start cold: what a process compiles at its first requests is not what a request costs.
                load.run(targets, base, concs or CONCURRENCY[-1:], WARM_SECS, verbose=False)
                named = f"{label} {number + 1}"
                kept.extend(load.run(targets, base, concs or CONCURRENCY, figures.secs, [pid], label=named)["rows"])
    return _medians(floor), _medians(app)


def _medians(rows: list[dict[str, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key in {(row["name"], row["conc"]) for row in rows}:
        same = [row for row in rows if (row["name"], row["conc"]) == key]
        found[key] = {name: statistics.median(row[name] for row in same) for name in ("rps", "cpu_ms")}
        found[key]["err"] = sum(row["err"] for row in same)
        found[key]["why"] = {why: times for row in same for why, times in (row.get("why") or {}).items()}
    return found


def _for_sale(figures: Figures) -> tuple[list[str], list[int]]:
    return hot_stock.for_sale(environment(figures))


def _paths(figures: Figures) -> list[str]:
    slugs, _ = _for_sale(figures)
    return [*PAGES, f"/produk/{slugs[0]}"]
