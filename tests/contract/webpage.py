"""A real browser for the whole session: opens pages and lets a test act on them.

It lives in a thread of its own: playwright keeps an event loop running in the thread that started
it, in which no other test could then run one.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WEBGL = "--enable-unsafe-swiftshader"  # without a graphics card
_PATIENCE_MS = 20_000
_OWN_SCHEMES = ("data", "blob", "file")


@dataclass(frozen=True, slots=True)
class Window:
    """How a page is looked at.

    Attributes:
        width: CSS pixels.
        height: CSS pixels.
        script: the page may run its scripts.
        bypass: the page's own policy does not hold for what a test adds to it.
        hosts: other hosts (with port) that the page may ask.
    """

    width: int = 1280
    height: int = 900
    script: bool = True
    bypass: bool = False
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chromium:
    """A running browser; every page is opened in a context of its own."""

    browser: Browser
    thread: ThreadPoolExecutor

    def visit[T](self, address: str, act: Callable[[Page], T], window: Window | None = None) -> T:
        """Open an address, wait until it is quiet, act on it and return what that gives.

        Any complaint on the console, and any request to another host than that of the address
        (and those of the window), fails the test.
        """
        return self.thread.submit(self._visit, address, act, window or Window()).result()

    def _visit[T](self, address: str, act: Callable[[Page], T], window: Window) -> T:
        context = self.browser.new_context(
            viewport={"width": window.width, "height": window.height},
            java_script_enabled=window.script,
            bypass_csp=window.bypass,
        )
        complaints: list[str] = []
        strangers: list[str] = []
        known = {urlsplit(address).netloc, *window.hosts}

        def listen(message: ConsoleMessage) -> None:
            # without a graphics card every screenshot of WebGL is slow, and the driver says so
            if "GPU stall due to ReadPixels" in message.text:
                return
            # that the page itself is an error page is what the test asked for
            if message.type in {"error", "warning"} and message.location["url"] != address:
                complaints.append(message.text)

        def watch(request: Request) -> None:
            asked = urlsplit(request.url)
            if asked.scheme not in _OWN_SCHEMES and asked.netloc not in known:
                strangers.append(request.url)

        try:
            page = context.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            page.on("console", listen)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("request", watch)
            page.goto(address, wait_until="networkidle")
            answer = act(page)
        finally:
            context.close()
        assert complaints == []
        assert strangers == []
        return answer


@contextmanager
def chromium_running() -> Iterator[Chromium]:
    """Give the browser of this machine; the test is skipped where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        try:
            browser = thread.submit(
                lambda: playwright.chromium.launch(executable_path=program, args=[*QUIET, _WEBGL])
            ).result()
            try:
                yield Chromium(browser, thread)
            finally:
                thread.submit(browser.close).result()
        finally:
            thread.submit(playwright.stop).result()
