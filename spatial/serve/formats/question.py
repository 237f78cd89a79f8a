"""What a client asks of ``/items`` in one of the file formats; pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from urllib.parse import urlencode

import pyarrow as pa

from spatial.domain.formats import CSV, FILE_FORMATS, FileFormat
from spatial.errors import QueryError
from spatial.serve.ask.query import Limits, Query, parse_items
from spatial.serve.read.edition import Edition
from spatial.store.catalogue import Collection

type Pairs = Sequence[tuple[str, str]]

_BY_NAME = {entry.name: entry for entry in FILE_FORMATS}
_BY_MEDIA_TYPE = {entry.media_type: entry for entry in FILE_FORMATS}
_PAGES = frozenset({"application/json", "application/geo+json", "application/ld+json", "text/html"})
_ALL = Limits(10**15, 10**15)
_WARNED = ("bronStatus", "grenzen")
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Question:
    """One selection in one format.

    Attributes:
        edition: answers it, from beginning to end.
        collection: of the edition.
        form: the format.
        query: the selection; ``limit`` only when the client gave it.
        pairs: parameters as given, without ``f``.
        english: titles in English; otherwise in Dutch.
    """

    edition: Edition
    collection: Collection
    form: FileFormat
    query: Query
    pairs: Pairs
    english: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The properties in the file.

        CSV has no other place for what must be said of the figures than its columns.
        """
        known = tuple(field.naam for field in self.collection.velden)
        asked = self.query.properties
        if not asked:
            return known
        always = _WARNED if self.form == CSV else ()
        return (*asked, *(name for name in always if name in known and name not in asked))

    @property
    def placed(self) -> bool:
        """Tell whether features come with their shape; in CSV only when that is asked."""
        if self.form == CSV:
            return ("geometrie", "wkt") in self.pairs
        return not self.query.skip_geometry

    @property
    def etag(self) -> str:
        """Strong validator: the same snapshot, question and libraries give the same bytes."""
        parts = [self.edition.id, self.collection.id, self.form.name, str(self.english)]
        parts += [*libraries(), urlencode(sorted(self.pairs))]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return f'"{digest[:32]}"'

    @property
    def filename(self) -> str:
        """Name under which a browser keeps it: the collection, and the days that were asked."""
        stem = self.collection.id
        if interval := self.query.interval:
            ends = [day.isoformat() if day else "open" for day in (interval.begin, interval.eind)]
            stem += f"-{'_'.join(dict.fromkeys(ends))}"
        return _NOT_IN_NAME.sub("_", stem) + self.form.extension

    def address(self, url: str) -> str:
        """Return the link that gives this file again."""
        query = urlencode([("f", self.form.name), *self.pairs], safe="/:,")
        return f"{url}/collections/{self.collection.id}/items?{query}"


def form_of(pairs: Pairs, accept: str) -> FileFormat | None:
    """Return the format that is asked; None when it is a page or something unknown.

    Args:
        pairs: the parameters; ``f`` goes before ``accept``.
        accept: the media types that the client takes, most wanted first.
    """
    for name, text in pairs:
        if name == "f":
            return _BY_NAME.get(text)
    for part in accept.split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in _PAGES or media_type.endswith("/*"):
            return None
        if media_type in _BY_MEDIA_TYPE:
            return _BY_MEDIA_TYPE[media_type]
    return None


def question(
    edition: Edition, collection_id: str, form: FileFormat, pairs: Pairs, language: str
) -> Question:
    """Read the parameters of a file.

    Args:
        edition: has the collection.
        collection_id: id of the collection.
        form: the format that was found.
        pairs: the parameters as given.
        language: header ``Accept-Language``, most wanted first; ``lang`` goes before it.

    Raises:
        QueryError: as ``parse_items``, or it asks for what a file does not have.
    """
    given = [(name, text) for name, text in pairs if name != "f"]
    query = parse_items([("f", form.name), *given], edition.fields(collection_id), limits=_ALL)
    if query.hits:
        message = f"f={form.name!r} is a file of features: resulttype=hits goes with f=json"
        raise QueryError(message)
    if query.skip_geometry and ("geometrie", "wkt") in given:
        message = "geometrie=wkt and skipGeometry=true cannot both be"
        raise QueryError(message)
    wanted = dict(given).get("lang") or language
    return Question(
        edition=edition,
        collection=edition.collection(collection_id),
        form=form,
        query=query,
        pairs=tuple(given),
        english=wanted.strip().lower().startswith("en"),
    )


@cache
def libraries() -> tuple[str, ...]:
    """Return the versions of what writes files: others may write other bytes."""
    import pyogrio  # noqa: PLC0415 - it loads data frames, which only files need

    own = version("aandachtsgroepen-in-kaart")
    return (own, pa.__version__, pyogrio.__version__, pyogrio.__gdal_version_string__)
