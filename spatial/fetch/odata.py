"""A table of CBS over OData: what it says of itself first, then its observations, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spatial.domain.mirror import DATA_SETS, part_path, parts_of, table_folder
from spatial.errors import FetchError, NotThereError
from spatial.fetch.changes import changed_fields, changed_members
from spatial.fetch.http import Client
from spatial.fetch.pager import Series, fetch_pages
from spatial.fetch.pages import document_check, page_check, read_json
from spatial.fetch.report import Fetched, refuse
from spatial.fetch.storage import Check, Shelf, Wanted, open_shelf

_SAFE = "'(),/:"  # signs that may stand in a filter as they are
_INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version of OData at CBS spells things.

    Attributes:
        name: for the manifest.
        next_link: what the address of the next page is called.
        query: what every address ends with.
        info: entity set that describes the table.
        total: field of it with the number of rows.
        version: fields of it that tell one version of the table from another.
        required: entity sets that every table has.
        licence: licence when the table itself names none.
        derivable: whether its sets follow from its dimensions, should its root not list them.
    """

    name: str
    next_link: str
    query: str
    info: str
    total: str
    version: tuple[str, ...]
    required: tuple[str, ...]
    licence: str = ""
    derivable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What is fetched.

    Attributes:
        dialect: how its source spells things.
        root: address under which the tables are.
        id: identifier, such as 85980NED.
        data_set: entity set with the observations.
        select: part of the table: an OData filter, such as ``RegioS eq 'GM0363'``; empty: all.
    """

    dialect: Dialect
    root: str
    id: str
    data_set: str
    select: str = ""

    @property
    def url(self) -> str:
        """Address of the table."""
        return f"{self.root.rstrip('/')}/{quote(self.id)}"


def fetch_table(
    client: Client, table: Table, into: Path, *, accept_changes: bool = False
) -> Fetched:
    """Fetch a table: everything new, or what is not here yet, or what changed.

    Args:
        client: who asks.
        table: what is fetched.
        into: root of the layout of ``domain.mirror``.
        accept_changes: replace what is here when the table has changed.

    Raises:
        NotThereError: the source has no such table.
        SourceChangedError: the table has changed, with what; nothing is replaced.
        FetchError: it cannot be had whole.
    """
    asked = {
        "protocol": table.dialect.name,
        "url": table.url,
        "set": table.data_set,
        "select": table.select,
    }
    with open_shelf(table_folder(into, table.id), client, asked) as shelf:
        job = _Job(shelf, table)
        info = job.info()
        sets = job.describe()
        changes = job.changes(info, sets)
        if changes and not accept_changes:
            raise refuse(table.url, shelf.folder, changes)
        rows = job.observations(info, settled=not changes)
        if others := [path for path in shelf.changed() if path.startswith(table.data_set)]:
            text = f"{len(others)} pages have other observations, such as {others[0]}"
            changes = [*changes, text]
            if not accept_changes:
                raise refuse(table.url, shelf.folder, [text])
        job.check_again()
        size, files = sum(entry.size for entry in shelf.new.values()), len(shelf.new)
        renewed = shelf.finish(job.about(info))
        return Fetched(shelf.folder, rows, files, size, renewed, tuple(changes))


@dataclass(frozen=True, slots=True)
class _Job:
    shelf: Shelf
    table: Table

    @property
    def dialect(self) -> Dialect:
        """How the source spells things."""
        return self.table.dialect

    def info(self) -> Mapping[str, Any]:
        """Return what the table says of itself now; what an older version left is given up."""
        wanted = self._info_wanted()
        left = self.shelf.part / wanted.path
        if left.is_file():
            before = self._read_info(left)
            self.shelf.recheck(wanted)
            if self._version_changes(before, self._read_info(left)):
                note = (
                    f"{self.table.id} changed since the fetch that was broken off: it starts anew"
                )
                self.shelf.client.progress.note(note)
                self.shelf.discard()
        self.shelf.client.progress.begin(f"{self.table.id}: what it holds", None)
        entry = self.shelf.fetch(wanted)
        return self._read_info(self.shelf.part / entry.path)

    def describe(self) -> list[str]:
        """Fetch the lists of dimensions, measures and members; return the names of these sets."""
        names = [name for name in self._sets() if name not in {self.dialect.info, *DATA_SETS}]
        for name in names:
            self._list(name)
        return names

    def changes(self, info: Mapping[str, Any], sets: list[str]) -> list[str]:
        """Return what differs from the table as it was fetched before; nothing when it was not."""
        folder = self.shelf.folder
        if self.shelf.old is None:
            return []
        was = self.shelf.old.about.get("asked") or {}
        asked = {name: value for name, value in self.shelf.asked.items() if name != "url"}
        if other := changed_fields(was, asked, tuple(asked)):
            return [f"what is asked is another part or form of it: {', '.join(other)}"]
        before = self._read_info(folder / self._info_wanted().path)
        found = self._version_changes(before, info)
        known = {Path(path).name.split(".")[0] for path in self.shelf.old.files if "/" not in path}
        known -= {self.dialect.info, Path(_INDEX).stem}
        found += [f"entity set {name} is new" for name in sets if name not in known]
        found += [f"entity set {name} is gone" for name in sorted(known - set(sets))]
        for name in (name for name in sets if name in known):
            rows = [_rows(parts_of(where, name)) for where in (folder, self.shelf.part)]
            found += changed_members(name, *rows)
        return found

    def observations(self, info: Mapping[str, Any], *, settled: bool) -> int:
        """Fetch the observations; return their number."""
        total = None if self.table.select else info.get(self.dialect.total)
        if total is not None and not (isinstance(total, int) and total >= 0):
            message = f"{self.table.url}: {self.dialect.total} is {total!r}, not a number of rows"
            raise FetchError(message)
        select = self.table.select
        query = [
            *filter(None, [select and f"$filter={quote(select, safe=_SAFE)}", self.dialect.query])
        ]
        url = f"{self.table.url}/{self.table.data_set}{'?' if query else ''}{'&'.join(query)}"
        check = self._page_check()
        series = Series(self.table.data_set, url, check, total, settled)
        return fetch_pages(self.shelf, series)

    def check_again(self) -> None:
        """See that the table is still the version that it was when its first page was asked.

        Raises:
            FetchError: it changed; what was fetched is given up.
        """
        wanted = self._info_wanted()
        path = self.shelf.part / wanted.path
        before = self._read_info(path)
        self.shelf.client.progress.begin(f"{self.table.id}: still the same version", 1)
        self.shelf.recheck(wanted)
        if found := self._version_changes(before, self._read_info(path)):
            self.shelf.discard()
            message = f"{self.table.url} changed while it was fetched ({found[0]}): fetch again"
            raise FetchError(message)

    def about(self, info: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the manifest says of the source."""
        dialect = self.dialect
        return {
            "id": self.table.id,
            "title": info.get("Title", ""),
            "licence": info.get("License") or dialect.licence,
            "protocol": dialect.name,
            "url": self.table.url,
            "rows": info.get(dialect.total),
            **{name: info[name] for name in dialect.version if name in info},
        }

    def _sets(self) -> list[str]:
        """Return the entity sets of the table, as its root lists them."""
        url = self._address("")
        try:
            self.shelf.fetch(Wanted(_INDEX, url, self._page_check()))
        except NotThereError:
            if not self.dialect.derivable:
                raise
            names = self._derived()
        else:
            rows = read_json(self.shelf.part / _INDEX)["value"]
            names = [str(row.get("name", "")) for row in rows]
        lacking = sorted({*self.dialect.required, self.table.data_set} - set(names))
        if lacking:
            message = f"{url}: the table has no {', '.join(lacking)}; it has {', '.join(names)}"
            raise NotThereError(message)
        if odd := [name for name in names if not name.isidentifier()]:
            message = f"{url}: {odd[0]!r} is not the name of an entity set"
            raise FetchError(message)
        return names

    def _derived(self) -> list[str]:
        """Return the sets of a table whose root lists none, from its dimensions."""
        self._list("Dimensions")
        names = [*self.dialect.required, "MeasureGroups"]
        for row in _rows(parts_of(self.shelf.part, "Dimensions")):
            key = str(row.get("Identifier", ""))
            names += [f"{key}Codes"] if row.get("ContainsCodes", True) else []
            names += [f"{key}Groups"] if row.get("ContainsGroups") else []
        return names

    def _list(self, name: str) -> None:
        """Fetch a small set: one answer as a rule, as many as it names."""
        number, url, seen = 1, self._address(f"/{name}"), set[str]()
        while url:
            if url in seen:
                message = f"{name} part {number - 1}: its next page {url} was asked before"
                raise FetchError(message)
            seen.add(url)
            wanted = Wanted(part_path(name, number), url, self._page_check())
            number, url = number + 1, self.shelf.fetch(wanted).next

    def _info_wanted(self) -> Wanted:
        name = self.dialect.info
        check = document_check(self.shelf.client.limits.unpacked)
        return Wanted(part_path(name, 1), self._address(f"/{name}"), check)

    def _read_info(self, path: Path) -> Mapping[str, Any]:
        """Return what the table says of itself: one object, or the one row of a set."""
        document = read_json(path)
        rows = document.get("value", [document])
        if not (isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict)):
            message = f"{self._address(f'/{self.dialect.info}')}: does not describe one table"
            raise FetchError(message)
        return rows[0]

    def _version_changes(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
        return changed_fields(old, new, self.dialect.version)

    def _address(self, path: str) -> str:
        query = self.dialect.query
        return f"{self.table.url}{path}{f'?{query}' if query else ''}"

    def _page_check(self) -> Check:
        return page_check(self.dialect.next_link, self.shelf.client.limits.unpacked)


def _rows(paths: list[Path]) -> list[Mapping[str, Any]]:
    return [row for path in paths for row in read_json(path)["value"]]
