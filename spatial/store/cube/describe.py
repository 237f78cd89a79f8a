"""Describe the collection of all observations."""

from collections.abc import Sequence

from spatial.domain.regions import Niveau
from spatial.domain.sources import Source
from spatial.store.catalogue import WAARNEMINGEN, Collection, Field, Kind
from spatial.store.cube.axes import Axes
from spatial.store.cube.states import STATUSES
from spatial.store.cube.write import CUBE
from spatial.store.fields import PERIOD_FIELDS, TAIL_FIELDS, region_fields

_KEYWORDS = ("waarnemingen", "aandachtsgroepen", "huisvesting", "CBS")
_BOUNDS = "die bij de afronding past, of bij de optelling; leeg zonder getal."


def describe_observations(
    axes: Axes,
    rows: int,
    bbox: tuple[float, float, float, float],
    sources: Sequence[Source],
) -> Collection:
    """Describe the cube as collection ``waarnemingen``.

    Args:
        axes: its dictionaries.
        rows: number of observations.
        bbox: of all boundaries: west, south, east, north (degrees, CRS84).
        sources: of figures and shapes; what they must say stands in the description.
    """
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    days = [*axes.begins.astype(object).tolist(), *axes.ends.astype(object).tolist()]
    return Collection(
        id=WAARNEMINGEN,
        kind=Kind.WAARNEMINGEN,
        thema="",
        niveau="",
        titel_nl="Alle waarnemingen",
        title_en="All observations",
        beschrijving_nl=(
            "Elk cijfer als een rij: groep, kenmerk, maat, regio en periode, met waarde, status, "
            "ondergrens en bovengrens; elke periode in haar eigen gemeentelijke indeling. De vorm van "
            "de regio is die van de feature 'grens' in grenzen-<niveau>; met geometrie=vorm komt zij "
            f"mee. {notices}"
        ).strip(),
        description_en=(
            "Every figure as a row: group, kenmerk, measure, region and period, with value, status, lower "
            "and upper bound; each period in its own boundary vintage. The shape of the region is that "
            "of feature 'grens' in grenzen-<niveau>; geometrie=vorm joins it."
        ),
        trefwoorden=_KEYWORDS,
        bestand=CUBE,
        begin_veld="periodeBegin",
        eind_veld="periodeEind",
        begin=min(days),
        eind=max(days),
        bbox=bbox,
        aantal=rows,
        indelingen=tuple(sorted(set(axes.indelingen.tolist()))),
        indicatoren=(),
        velden=_fields(axes),
        bronnen=tuple(source.id for source in sources),
    )


def _fields(axes: Axes) -> tuple[Field, ...]:
    groups, subjects, measures = (
        tuple(sorted(set(axes.subjects[name].to_pylist()))) for name in ("groep", "kenmerk", "maat")
    )
    code, name, _, vintage, _ = region_fields()
    levels = set(axes.places["niveau"].to_pylist())
    niveaus = tuple(niveau.value for niveau in Niveau if niveau.value in levels)
    provisional, bron, bron_status, _ = TAIL_FIELDS
    empty = "Leeg als de status geen getal heeft; nooit nul of geschat in plaats daarvan."
    return (
        Field("groep", "string", "Groep", "Group", codes=groups),
        Field("kenmerk", "string", "Kenmerk", "Characteristic", codes=subjects),
        Field("maat", "string", "Maat", "Measure", "Wat geteld is.", codes=measures),
        Field("niveau", "string", "Niveau", "Level", codes=niveaus),
        code,
        name,
        vintage,
        Field("peilmoment", "date", "Peilmoment", "Reference date",
              "Dag waarop het cijfer geldt; leeg als het over een periode gaat."),
        *PERIOD_FIELDS,
        Field("waarde", "integer", "Waarde", "Value", empty),
        Field("status", "string", "Status", "Status", codes=STATUSES),
        Field("min", "integer", "Ondergrens", "Lower bound", f"Laagste waarde {_BOUNDS}"),
        Field("max", "integer", "Bovengrens", "Upper bound", f"Hoogste waarde {_BOUNDS}"),
        provisional,
        bron,
        bron_status,
        Field("grens", "string", "Grens", "Boundary",
              "Id van de feature in grenzen-<niveau> die de vorm heeft; leeg als die er niet is."),
    )  # fmt: skip
