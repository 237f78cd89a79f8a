"""The catalogue of a service, read in a few documents."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict

from aandachtsgroepen.catalogue import (
    Catalogue,
    read_collections,
    read_titles,
    title_sources,
)
from aandachtsgroepen.fetch import Failed, Fetcher
from aandachtsgroepen.source import Service


class Reading:
    """Reads one catalogue: the snapshot, the collections, the titles of the indicators.

    A snapshot that is replaced meanwhile gives a catalogue that is renewed at the next look.
    """

    def __init__(
        self, fetcher: Fetcher, service: Service, language: str, *, fresh: bool = False
    ) -> None:
        self._fetcher = fetcher
        self._service = service
        self._language = language
        self._fresh = fresh

    def start(self, done: Callable[[Catalogue], None], failed: Failed) -> None:
        """Read; then call ``done`` with the catalogue, or ``failed`` with the reason."""
        service = self._service
        first = (service.ready, service.collections(self._language), service.styles)

        def understood(texts: Dict[str, str]) -> None:
            try:
                ready, collections, styles = (json.loads(texts[address]) for address in first)
                known = read_collections(collections, styles, self._language)
                snapshot = ready["snapshot"]
            except (ValueError, KeyError, TypeError, LookupError) as error:
                failed(f"{type(error).__name__}: {error}")
                return
            addresses = [service.style(owner) for owner in title_sources(styles, known)]
            whole = _Whole(known, snapshot, self._language, done, failed)
            if addresses:
                self._fetcher.fetch(addresses, whole.finish, failed, fresh=self._fresh)
            else:
                whole.finish({})

        self._fetcher.fetch(first, understood, failed, fresh=self._fresh)


class _Whole:
    """What is known of a catalogue before its titles are there."""

    def __init__(
        self,
        known: Any,
        snapshot: str,
        language: str,
        done: Callable[[Catalogue], None],
        failed: Failed,
    ) -> None:
        self._known, self._snapshot, self._language = known, snapshot, language
        self._done, self._failed = done, failed

    def finish(self, texts: Dict[str, str]) -> None:
        try:
            documents = [json.loads(text) for text in texts.values()]
            titles = read_titles(documents, self._known, self._language)
        except (ValueError, KeyError, TypeError) as error:
            self._failed(f"{type(error).__name__}: {error}")
            return
        self._done(Catalogue(self._known, titles, self._snapshot))
