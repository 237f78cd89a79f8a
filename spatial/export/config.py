"""The exported tables as resources of plain pygeoapi, read by its own PostgreSQL provider."""

from typing import Any

from spatial.domain.crs import OFFERED, RD
from spatial.export.connect import Address
from spatial.export.tables import ID
from spatial.serve.config import resources
from spatial.store.catalogue import Collection, Contents
from spatial.store.layers import GEOMETRY

_PROVIDER = "PostgreSQL"


def postgis_resources(contents: Contents, address: Address, schema: str) -> dict[str, Any]:
    """Return the ``resources`` of a pygeoapi configuration, in the order of the catalogue.

    No password is in it: the driver takes it from ``PGPASSWORD`` or ``~/.pgpass``.

    Args:
        contents: the collections that were exported.
        address: where the database is.
        schema: schema of the tables.
    """
    described = resources(contents)
    for entry in contents.collections:
        described[entry.id]["providers"] = [_provider(entry, address, schema)]
    return described


def _provider(collection: Collection, address: Address, schema: str) -> dict[str, Any]:
    return {
        "type": "feature",
        "name": _PROVIDER,
        "data": {
            "host": address.host,
            "port": address.port,
            "dbname": address.dbname,
            "user": address.user,
            "search_path": [schema],
        },
        **({"options": dict(address.tls)} if address.tls else {}),
        "table": collection.id,
        "id_field": ID,
        "geom_field": GEOMETRY,
        "time_field": collection.begin_veld,
        "properties": [field.naam for field in collection.velden],
        "crs": [crs.uri for crs in OFFERED],
        "storage_crs": RD.uri,
    }
