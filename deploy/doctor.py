"""The doctor: use every part for real, and tell of each how it is."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from deploy import wiring
from deploy.settings import Settings
from index.query import parse
from ingest.clock import utc_now
from ingest.errors import WirewatchError

ENOUGH_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part is: `told` is one line, and where it is not well it says what to do."""

    part: str
    well: bool
    told: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Each part in turn, as soon as it is known. Never raises for what a part does."""
    checks: dict[str, Callable[[Settings], str]] = {
        "disk": _disk,
        "log": _log,
        "search": _search,
        "mail": lambda settings: wiring.open_transport(settings).check(),
        "rules": _rules,
        "feeds": _feeds,
    }
    for part, check in checks.items():
        try:
            yield Finding(part, True, check(settings))
        except WirewatchError as error:
            yield Finding(part, False, str(error))


def _disk(settings: Settings) -> str:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.data).free
    except OSError as error:
        raise WirewatchError(
            f"{settings.data} cannot be used ({error.strerror}); set `data` to a folder of yours"
        ) from error
    if free < ENOUGH_BYTES:
        raise WirewatchError(f"{settings.data} has only {free / 1e6:,.0f} MB free; make room or move `data`")
    return f"{settings.data} has {free / 1e9:,.1f} GB free"


def _log(settings: Settings) -> str:
    with closing(wiring.open_log(settings)) as log:
        return log.check()


def _search(settings: Settings) -> str:
    with closing(wiring.open_index(settings)) as index:
        return index.check()


def _rules(settings: Settings) -> str:
    with closing(wiring.open_rules(settings)) as store:
        rules = store.rules()
        for rule in rules:
            try:
                parse(rule.query, wiring.open_names(), utc_now())
            except WirewatchError as error:
                raise WirewatchError(f"rule {rule.name!r}: {error}") from error
    return f"{len(rules)} rules, each query understood"


def _feeds(settings: Settings) -> str:
    with closing(wiring.open_feeds(settings)) as store:
        feeds = wiring.all_feeds(settings, store)
        failing = [feed.url for feed in feeds if store.state(feed.url).status == "failing"]
    if not feeds:
        raise WirewatchError("no feeds; add one with `wirewatch feeds add URL`, or [[feed]] in the settings")
    if failing:
        raise WirewatchError(
            f"{len(failing)} of {len(feeds)} feeds fail, such as {failing[0]}; see `wirewatch feeds list`"
        )
    return f"{len(feeds)} feeds, none failing (`wirewatch feeds check` fetches them now)"
