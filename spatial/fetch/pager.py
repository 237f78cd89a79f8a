"""Pages one after the other, as each names the next; ahead of that where addresses can be known."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from spatial.domain.mirror import page_path
from spatial.errors import FetchError
from spatial.fetch.manifest import Entry
from spatial.fetch.pages import Stride, stride_of
from spatial.fetch.storage import Check, Found, Shelf, Wanted

MAX_PAGES = 100_000


class _UnsoundError(FetchError):
    """The pages do not make one whole, so none of them is kept."""


@dataclass(frozen=True, slots=True)
class Series:
    """The pages of one entity set.

    Attributes:
        data_set: the entity set; its folder has this name.
        url: address of the first page.
        check: reads a page.
        total: rows that the source says there are; None when it does not.
        settled: the source says that nothing changed.
    """

    data_set: str
    url: str
    check: Check
    total: int | None = None
    settled: bool = False

    def wanted(self, number: int, url: str) -> Wanted:
        """Return what to ask for a page."""
        path = page_path(self.data_set, number)
        return Wanted(path, url, self.check, packed=True, settled=self.settled)


@dataclass(slots=True)
class _Ahead:
    """Answers that were asked before the page before them named them."""

    shelf: Shelf
    series: Series
    pool: ThreadPoolExecutor
    window: int
    asked: dict[str, Future[Entry]] = field(default_factory=dict)

    def take(self, number: int, url: str, stride: Stride | None) -> Entry:
        """Return a page, and see that the ones after it are under way."""
        self._ask(number, url)
        if stride is not None:
            for later in range(number + 1, min(number + self.window, stride.pages + 1)):
                self._ask(later, stride.url(later))
        return self.asked.pop(url).result()

    def forget(self) -> None:
        """Give up what was asked ahead, at addresses that turn out not to be the next ones."""
        for future in self.asked.values():
            future.cancel()
        for future in self.asked.values():
            if not future.cancelled():
                future.exception()  # waits until it no longer writes
        self.asked.clear()

    def _ask(self, number: int, url: str) -> None:
        if url not in self.asked:
            wanted = self.series.wanted(number, url)
            self.asked[url] = self.pool.submit(self.shelf.fetch, wanted)


def fetch_pages(shelf: Shelf, series: Series) -> int:
    """Fetch all pages of an entity set.

    The address of a page is what the page before it gives, to the letter. Where all addresses can be
    known from the first page and the number of rows, some pages are asked at one time; each is then
    held against what the page before it gave.

    Returns:
        The number of rows.

    Raises:
        FetchError: a page cannot be had, names an address that was there before or on another host,
            or the rows are not as many as the source says.
    """
    shelf.client.progress.begin(series.data_set, None)
    try:
        return _fetched(shelf, series)
    except _UnsoundError:
        shelf.discard()
        raise


def _fetched(shelf: Shelf, series: Series) -> int:
    window = shelf.client.limits.connections
    rows = 0
    with ThreadPoolExecutor(window, "page") as pool:
        ahead = _Ahead(shelf, series, pool, window)
        try:
            for entry in _walk(shelf, series, ahead):
                rows += entry.rows or 0
                _check_total(series, rows, entry, last=not entry.next)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return rows


def _walk(shelf: Shelf, series: Series, ahead: _Ahead) -> Iterator[Entry]:
    number, url, stride = 1, series.url, None
    seen: set[str] = set()
    while url:
        if url in seen or number > MAX_PAGES:
            rule = "was asked before" if url in seen else f"would be page {number}"
            message = f"{series.data_set} page {number - 1}: its next page {url} {rule}"
            raise _UnsoundError(message)
        seen.add(url)
        entry = ahead.take(number, url, stride)
        if number == 1:
            stride = stride_of(Found(rows=entry.rows, next=entry.next), series.total)
            pages = stride.pages if stride else (None if entry.next else 1)
            shelf.client.progress.begin(series.data_set, pages)
        elif stride is not None and entry.next and entry.next != stride.url(number + 1):
            ahead.forget()
            stride = None
        yield entry
        number, url = number + 1, entry.next


def _check_total(series: Series, rows: int, entry: Entry, *, last: bool) -> None:
    """Refuse more rows than there are, at once, and fewer at the end."""
    total = series.total
    if total is None or (rows == total if last else rows <= total):
        return
    message = (
        f"{entry.url} ({series.data_set}, {entry.path}): {rows} rows up to here, the source says that "
        f"there are {total}; it may have changed while it was fetched: fetch again"
    )
    raise _UnsoundError(message)
