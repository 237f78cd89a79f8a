"""The two ways in which CBS gives a table: OData version 4, and version 3 where that fails."""

from enum import StrEnum
from pathlib import Path

from spatial.errors import NotThereError
from spatial.fetch.http import Client
from spatial.fetch.odata import Dialect, Table, fetch_table
from spatial.fetch.report import Fetched

CC_BY = "https://creativecommons.org/licenses/by/4.0/"

V4 = Dialect(
    name="odata-v4",
    next_link="@odata.nextLink",
    query="",
    info="Properties",
    total="ObservationCount",
    version=("Modified", "Version", "ObservationsModified", "ObservationCount", "Status"),
    required=("Properties", "Dimensions", "MeasureCodes", "Observations"),
    derivable=True,
)
V3 = Dialect(
    name="odata-v3",
    next_link="odata.nextLink",
    query="$format=json",
    info="TableInfos",
    total="RecordCount",
    version=("Modified", "MetaDataModified", "OutputStatus", "RecordCount", "ColumnCount"),
    required=("TableInfos", "DataProperties"),
    licence=CC_BY,  # version 3 names none; CBS gives it for the same tables in version 4
)


class Version(StrEnum):
    """Which version of OData is asked."""

    AUTO = "auto"
    V4 = "v4"
    V3 = "v3"


def table_v4(root: str, table: str, select: str = "") -> Table:
    """Return a table of OData version 4: pages of 100,000 observations.

    Args:
        root: address of the catalogue, such as ``https://datasets.cbs.nl/odata/v1/CBS``.
        table: identifier.
        select: part of the table, as an OData filter.
    """
    return Table(V4, root, table, "Observations", select)


def table_v3(root: str, table: str, select: str = "", *, typed: bool = False) -> Table:
    """Return a table of OData version 3: pages of 10,000 rows, keys padded with blanks.

    Args:
        root: address of the server, such as ``https://opendata.cbs.nl``.
        table: identifier.
        select: part of the table, as an OData filter; keys in it are padded, ``RegioS eq 'PV20  '``.
        typed: TypedDataSet, in which '.' and blank are both null; else UntypedDataSet, which keeps
            them apart.
    """
    name = "TypedDataSet" if typed else "UntypedDataSet"
    return Table(V3, f"{root.rstrip('/')}/ODataFeed/odata", table, name, select)


def fetch_either(
    client: Client, roots: tuple[str, str], table: str, into: Path, *, accept_changes: bool = False
) -> Fetched:
    """Fetch a whole table from version 4, or from version 3 when version 4 has no such table.

    Args:
        client: who asks; it is told when version 3 is taken.
        roots: addresses of version 4 and version 3.
        table: identifier.
        into: root of the layout of ``domain.mirror``.
        accept_changes: replace what is here when the table has changed.

    Raises:
        NotThereError: neither has it.
        FetchError: as ``fetch_table``.
    """
    try:
        return fetch_table(client, table_v4(roots[0], table), into, accept_changes=accept_changes)
    except NotThereError as error:
        client.progress.note(f"{error}; version 3 is asked instead: {roots[1]}")
    return fetch_table(client, table_v3(roots[1], table), into, accept_changes=accept_changes)
