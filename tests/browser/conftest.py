"""Debian's Chromium, and pages in it that tell on anything the browser complains about."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from index.web.app import create_app
from index.web.backend import WebBackend
from tests.browser.house import house
from tests.browser.newsroom import CROWD, HOSTILE, LONG, PIECES
from tests.browser.serving import serving

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REMEDY = "Chromium is missing; install it: sudo apt-get install chromium"
TURNED_DOWN = "Failed to load resource: the server responded with a status of 40"
"""What the console says of a page that answers 400 or 404, as it should for a query with an error."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for all tests of this process."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(REMEDY)
    if path is None:
        pytest.skip(f"NOT RUN: {REMEDY}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a house full of articles, which no test changes."""
    folder = tmp_path_factory.mktemp("house")
    with house(folder, [*PIECES, HOSTILE, LONG, *CROWD]) as backend, serving(create_app(backend)) as url:
        yield url


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[tuple[str, WebBackend]]:
    """The address of a house that the test may change, and its backend."""
    with house(tmp_path, PIECES) as backend, serving(create_app(backend)) as url:
        yield url, backend


Opener = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens a page at an address; the test fails when any of them runs into an error or its security policy.

    `width` in CSS pixels, `scheme` "light" or "dark".
    """
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(TURNED_DOWN):
            complaints.append(message.text)

    with ExitStack() as contexts:

        def open_page(url: str, width: int = 1200, scheme: str = "light") -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
            )
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("console", heard)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
            page.goto(url)
            return page

        yield open_page
    assert not complaints
