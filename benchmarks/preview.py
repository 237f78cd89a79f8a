"""Size and speed of a map page in headless Chromium: ``python -m benchmarks.preview``.

Two pages: five indicators of the gemeenten of a built store, six periods, and a country made here with
1,000 regions in one indeling, two indicators and twelve periods. Nothing is asked from anywhere.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from playwright.sync_api import Page, ViewportSize, sync_playwright

from spatial.domain.indicators import Thema, load_catalogue
from spatial.domain.regions import Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.preview.assets import Assets, load_assets
from spatial.preview.choice import Option, choice_drawing
from spatial.preview.drawing import Drawing
from spatial.preview.figures import View
from spatial.preview.page import render_page
from spatial.preview.shapes import MAP_SHAPES
from spatial.preview.styles import freeze_styles
from spatial.store.catalogue import Contents
from spatial.store.describe import Subject, describe_indicators
from spatial.store.snapshot import MAPS, Snapshot, draft, open_snapshot, publish

FIVE = (
    "aandeelCorporatie",
    "personen",
    "aandeelEenpersoons",
    "aandeelKoop",
    "aandeelVrijgekomenCorporatiewoningen",
)
PERIODS, ROUNDS = 6, 5
COLUMNS, ROWS, SIDE, JOINTS, SECRET, SEED = 40, 25, 7_000, 8, 0.1, 20260101
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WINDOW = ViewportSize(width=1280, height=900)
SCHEMATIC = Source("grenzen", "Made here", SourceStatus.SCHEMATISCH, "EUPL-1.2")
MADE = Source("85980NED", "Made here", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")

_STEP = """(keuze) => new Promise((klaar) => {
    const begin = performance.now();
    kaart.zet(keuze);
    document.body.getBoundingClientRect();
    const script = performance.now() - begin;
    requestAnimationFrame(() => setTimeout(() => klaar([script, performance.now() - begin]), 0));
})"""
_CHOOSE = """(naam) => new Promise((klaar) => {
    const begin = performance.now();
    const lijst = document.getElementById('onderwerp');
    lijst.value = naam;
    lijst.dispatchEvent(new Event('change'));
    document.body.getBoundingClientRect();
    const script = performance.now() - begin;
    requestAnimationFrame(() => setTimeout(() => klaar([script, performance.now() - begin]), 0));
})"""
_WATCH = """() => {
    window.stap = [];
    document.getElementById('moment').addEventListener('input', (wat) => {
        requestAnimationFrame(() => setTimeout(
            () => window.stap.push(performance.now() - wat.timeStamp), 0));
    });
}"""
_PAINT = """() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const page = performance.getEntriesByType('navigation')[0];
    return [paint ? paint.startTime : NaN, page.domContentLoadedEventStart];
}"""


def five_indicators(store: Path) -> Drawing:
    """Return five indicators of ouderen in the newest indeling of a store, six periods of each."""
    snapshot = open_snapshot(store)
    start = "ouderen-gemeente-indeling-"
    newest = max(c.id for c in snapshot.contents.collections if c.id.startswith(start))
    options = [Option(View(newest, indicator)) for indicator in FIVE]
    return limited(choice_drawing(snapshot, options))


def limited(drawing: Drawing) -> Drawing:
    """Leave the last six periods of everything that can be chosen."""
    choices = tuple(
        replace(
            choice,
            drawing=replace(
                choice.drawing,
                panels=tuple(
                    replace(p, moments=p.moments[-PERIODS:]) for p in choice.drawing.panels
                ),
            ),
        )
        for choice in drawing.keuzen
    )
    return replace(choices[0].drawing, keuzen=choices)


def thousand_regions(folder: Path) -> Drawing:
    """Return a share and a count of 1,000 regions with crooked borders, at twelve moments."""
    with draft(folder) as unfinished:
        shapes = made_shapes()
        names = ("aandeelCorporatie", "personen")
        indicators = [load_catalogue().get(name) for name in names]
        layer = made_layer(shapes)
        subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE)
        collection = describe_indicators(layer, subject, indicators, [MADE, SCHEMATIC])
        unfinished.add_layer(collection.bestand, layer)
        unfinished.add_layer(MAP_SHAPES, shapes)
        contents = Contents((collection,), (MADE, SCHEMATIC))
        sealed = unfinished.seal(contents, {"land": "benchmark"})
        for name, text in freeze_styles(sealed, {}).documents.items():
            unfinished.add_text(f"{MAPS}/{name}", text)
        unfinished.seal(contents, {"land": "benchmark"})
        snapshot: Snapshot = publish(unfinished, folder)
    return choice_drawing(snapshot, [Option(View(collection.id, name)) for name in names])


def made_shapes() -> pa.Table:
    """Return the map shapes: a grid whose lines wander, so that neighbours share every point."""
    random = np.random.default_rng(SEED)
    steps = (COLUMNS * JOINTS + 1, ROWS * JOINTS + 1)
    x, y = np.meshgrid(*(np.arange(count) * SIDE / JOINTS for count in steps), indexing="ij")
    shift = random.uniform(-0.3, 0.3, (2, *steps)) * SIDE / JOINTS
    points = np.stack([x + 10_000 + shift[0], y + 320_000 + shift[1]], axis=-1)
    rows = []
    for number in range(COLUMNS * ROWS):
        left, low = number % COLUMNS * JOINTS, number // COLUMNS * JOINTS
        right, high = left + JOINTS, low + JOINTS
        ring = np.concatenate(
            [
                points[left:right, low],
                points[right, low:high],
                points[right:left:-1, high],
                points[left, high:low:-1],
            ]
        )
        shape = shapely.MultiPolygon([shapely.Polygon(ring)])
        code = f"GM{number + 1:04d}"
        rows.append(("gemeente", code, 2024, f"Regio {code}", shapely.to_wkb(shape)))
    names = ("niveau", "code", "indeling", "naam", "geometry")
    types = (pa.string(), pa.string(), pa.int32(), pa.string(), pa.binary())
    columns = zip(*rows, strict=True)
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})


def made_layer(shapes: pa.Table) -> pa.Table:
    """Return figures of every region on twelve days; one in ten is confidential."""
    random = np.random.default_rng(SEED)
    days = [date(2018 + number // 2, *((1, 1), (12, 31))[number % 2]) for number in range(12)]
    count = shapes.num_rows * len(days)
    day = [one for one in days for _ in range(shapes.num_rows)]
    codes = shapes["code"].to_pylist() * len(days)
    secret = random.random(count) < SECRET
    share = np.round(random.uniform(10, 60, count), 1)
    number = random.integers(1, 4_000, count) * 5
    columns: dict[str, Any] = {
        "id": [f"{code}-{one}" for code, one in zip(codes, day, strict=True)],
        "regioCode": codes,
        "regioNaam": shapes["naam"].to_pylist() * len(days),
        "niveau": ["gemeente"] * count,
        "indeling": pa.array([2024] * count, pa.int32()),
        "peilmoment": day,
    }
    for name, values, apart in (("aandeelCorporatie", share, 0.5), ("personen", number, 2)):
        status = np.where(secret, "geheim_of_onbekend", "waargenomen")
        columns |= {
            name: pa.array(values, mask=secret),
            f"{name}Status": status,
            f"{name}Min": pa.array(np.round(values - apart, 1).astype(values.dtype), mask=secret),
            f"{name}Max": pa.array(np.round(values + apart, 1).astype(values.dtype), mask=secret),
        }
    columns |= {
        "voorlopig": [False] * count,
        "bron": [MADE.id] * count,
        "bronStatus": [MADE.status.value] * count,
        "grenzen": [SCHEMATIC.status.value] * count,
        "geometry": shapes["geometry"].to_pylist() * len(days),
    }
    return pa.table(columns)


@contextmanager
def browser() -> Iterator[Callable[[Path], Page]]:
    """Give a function that opens a file in a window of its own, without network."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )

        def show(file: Path) -> Page:
            context = chromium.new_context(viewport=WINDOW, offline=True)
            page = context.new_page()
            page.goto(f"file://{file}", wait_until="load")
            page.wait_for_selector("[data-klaar]", state="attached")
            return page

        yield show
        chromium.close()


def measured(show: Callable[[Path], Page], file: Path) -> dict[str, list[float]]:
    """Return milliseconds by what was done, of all rounds."""
    found: dict[str, list[float]] = {}

    def keep(what: str, times: Sequence[float]) -> None:
        found.setdefault(what, []).extend(times)

    for _ in range(ROUNDS):
        page = show(file)
        page.wait_for_timeout(100)
        paint, ready = page.evaluate(_PAINT)
        keep("first paint", [paint])
        keep("map ready", [ready])
        last = int(page.get_attribute("#moment", "max") or 0)
        for moment in range(last + 1):
            script, shown = page.evaluate(_STEP, moment)
            keep("slider step: script", [script])
            keep("slider step: until shown", [shown])
        page.evaluate(_WATCH)
        page.focus("#moment")
        for _ in range(last):
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(30)
        keep("arrow key: until shown", page.evaluate("window.stap"))
        names = page.eval_on_selector_all("#onderwerp option", "all => all.map((one) => one.value)")
        for name in [*names[1:], names[0]]:
            keep("another indicator: until shown", [page.evaluate(_CHOOSE, name)[1]])
        page.context.close()
    return found


def report(title: str, html: str, found: dict[str, list[float]]) -> None:
    """Print sizes and medians."""
    packed = len(html.encode())
    print(f"{title}: {packed / 1e6:.2f} MB")  # noqa: T201
    for what, times in found.items():
        middle, worst = statistics.median(times), max(times)
        print(f"  {what:<32}{middle:8.0f} ms{worst:8.0f} ms at most ({len(times)})")  # noqa: T201


def main() -> None:
    """Draw both pages and measure them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path("data"), help="a built store")
    parser.add_argument("--assets", type=Path, default=Path("assets"), help="installed web assets")
    options = parser.parse_args()
    assets: Assets = load_assets(options.assets)
    with tempfile.TemporaryDirectory() as folder, browser() as show:
        pages = {
            "gemeenten, 6 periods, 5 indicators": five_indicators(options.store),
            "1,000 regions, 12 periods, 2 indicators": thousand_regions(Path(folder) / "store"),
        }
        for title, drawing in pages.items():
            file = Path(folder) / "kaart.html"
            html = render_page(drawing, assets)
            file.write_text(html, encoding="utf-8")
            report(title, html, measured(show, file))


if __name__ == "__main__":
    main()
