"""What a process is to the service: how it is described, asked, and what it gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from spatial.serve.processes.inputs import Given, Input
from spatial.store.snapshot import Snapshot

OUTPUT = "resultaat"
"""The one output of every process."""

type Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer of a process, in the forms in which it can be had.

    Attributes:
        asked: the question in its own form: asked again it gives the same answer.
        document: makes the JSON document.
        geojson: makes the FeatureCollection.
        csv: makes the lines.
        answer: what a page shows.
    """

    asked: Mapping[str, str | Sequence[str]]
    document: Callable[[], Document]
    geojson: Callable[[], Document]
    csv: Callable[[], bytes]
    answer: object

    @property
    def query(self) -> str:
        """The question as the query of an address."""
        pairs = [
            (name, value if isinstance(value, str) else ",".join(value))
            for name, value in self.asked.items()
            if value
        ]
        return urlencode(pairs, safe=":,")


@dataclass(frozen=True, slots=True)
class Process:
    """One process, as a snapshot offers it.

    Attributes:
        id: as in its address.
        titel_nl: Dutch title.
        title_en: English title.
        beschrijving_nl: Dutch description.
        description_en: English description.
        trefwoorden: keywords.
        inputs: in the order of forms and documents.
        schema: JSON Schema of the document that it gives.
        page: template of the page that shows an answer.
        answer: answers a question from a snapshot.
    """

    id: str
    titel_nl: str
    title_en: str
    beschrijving_nl: str
    description_en: str
    trefwoorden: tuple[str, ...]
    inputs: tuple[Input, ...]
    schema: Document
    page: str
    answer: Callable[[Snapshot, Given], Outcome]

    @property
    def example(self) -> dict[str, str | list[str]]:
        """Inputs that work, as a body has them."""
        return {
            entry.name: entry.example if isinstance(entry.example, str) else list(entry.example)
            for entry in self.inputs
            if entry.example
        }

    @property
    def body(self) -> Document:
        """The same as the body of an execute request."""
        return {"inputs": self.example}

    @property
    def example_query(self) -> str:
        """The same as the query of an address."""
        pairs = [(entry.name, entry.shown()) for entry in self.inputs if entry.example]
        return urlencode(pairs, safe=":,")
