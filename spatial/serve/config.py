"""The generated part of pygeoapi-config.yml: one resource per collection of the catalogue."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import yaml

from spatial.domain.crs import CRS84, OFFERED
from spatial.errors import SettingsError
from spatial.serve.ask.query import Limits
from spatial.store.catalogue import Collection, Contents

DATA = "${SPATIAL_DATA:-data}"
"""Root of the store as the configuration writes it: pygeoapi fills in the environment."""

BEGIN = "# <generated> by 'spatial config' from the catalogue; edit nothing below"
END = "# </generated>"
_PROVIDER = "spatial.serve.provider.LayerProvider"
_LICENCE = {
    "type": "text/html",
    "rel": "license",
    "title": "CC BY 4.0",
    "href": "https://creativecommons.org/licenses/by/4.0/deed.nl",
    "hreflang": "nl",
}


def resources(contents: Contents, data: str = DATA) -> dict[str, Any]:
    """Return the ``resources`` of a pygeoapi configuration, in the order of the catalogue.

    Args:
        contents: the catalogue.
        data: root of the store, as text for the configuration.
    """
    return {entry.id: _resource(entry, contents, data) for entry in contents.collections}


def render(base_text: str, generated: Mapping[str, Any]) -> str:
    """Replace what stands between the two marker lines; the rest keeps every character.

    Raises:
        SettingsError: the marker lines are not there, once each and in order.
    """
    before, after = _around(base_text)
    text = yaml.dump(
        {"resources": dict(generated)},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=110,
    )
    return f"{before}{BEGIN}\n{text}{END}{after}"


def handwritten(text: str) -> str:
    """Return a configuration without what was generated.

    Raises:
        SettingsError: as ``render``.
    """
    return "".join(_around(text))


def limits_of(config: dict[str, Any]) -> Limits:
    """Return the page sizes of a pygeoapi configuration."""
    limits = config["server"]["limits"]
    return Limits(limits["default_items"], limits["max_items"])


def drift(config_text: str, contents: Contents) -> list[str]:
    """Return where the resources of a configuration differ from the catalogue, one line each.

    Raises:
        SettingsError: the text is not YAML.
    """
    try:
        document = yaml.safe_load(config_text)
    except yaml.YAMLError as error:
        message = f"the configuration is not YAML: {error}"
        raise SettingsError(message) from error
    found = (document or {}).get("resources") or {}
    return list(_differences("resources", found, resources(contents)))


def _around(text: str) -> tuple[str, str]:
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        message = f"the configuration needs one line {BEGIN!r} and after it one line {END!r}"
        raise SettingsError(message)
    before, _, rest = text.partition(BEGIN)
    _, marker, after = rest.partition(END)
    if not marker:
        message = f"the configuration has {END!r} before {BEGIN!r}"
        raise SettingsError(message)
    return before, after


def _resource(collection: Collection, contents: Contents, data: str) -> dict[str, Any]:
    notices = contents.notices(collection)
    spoken = [text for text in notices if text not in collection.beschrijving_nl]
    return {
        "type": "collection",
        "title": {"nl": collection.titel_nl, "en": collection.title_en},
        "description": {
            "nl": " ".join([collection.beschrijving_nl, *spoken]),
            "en": " ".join([collection.description_en, *notices]),
        },
        "keywords": list(collection.trefwoorden),
        "links": [dict(_LICENCE), *_source_links(collection, contents)],
        "extents": {
            "spatial": {"bbox": list(collection.bbox), "crs": CRS84.uri},
            "temporal": {"begin": _moment(collection.begin), "end": _moment(collection.eind)},
        },
        "providers": [
            {
                "type": "feature",
                "name": _PROVIDER,
                "data": data,
                "collection": collection.id,
                "id_field": "id",
                "time_field": collection.begin_veld,
                "crs": [crs.uri for crs in OFFERED],
                "storage_crs": CRS84.uri,
            }
        ],
    }


def _source_links(collection: Collection, contents: Contents) -> Iterator[dict[str, str]]:
    for source_id in collection.bronnen:
        source = contents.source(source_id)
        if source.url.startswith("http"):
            title = f"{source.titel} ({source.licentie})"
            yield {"type": "text/html", "rel": "via", "title": title, "href": source.url}


def _moment(day: date) -> datetime:
    """Return a YAML timestamp: pygeoapi refuses every datetime when its extent is text."""
    return datetime.combine(day, time(), tzinfo=UTC)


def _differences(where: str, found: Any, wanted: Any) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            if key not in found:
                yield f"{where}.{key} is missing: run 'spatial config --write'"
            elif key not in wanted:
                yield f"{where}.{key} is not in the catalogue: run 'spatial config --write'"
            else:
                yield from _differences(f"{where}.{key}", found[key], wanted[key])
    elif found != wanted:
        yield f"{where} is {found!r}, the catalogue says {wanted!r}: run 'spatial config --write'"


class _Dumper(yaml.SafeDumper):
    """Dump lists indented, short lists of numbers on one line, timestamps as pygeoapi reads them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - yaml's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml's signature
        return True


def _represent_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    numbers = all(isinstance(value, float) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=numbers)


def _represent_moment(dumper: yaml.SafeDumper, moment: datetime) -> yaml.Node:
    text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)


_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(datetime, _represent_moment)
