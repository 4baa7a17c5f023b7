"""What the search page shows, as its address says it: text, filters, days, order, place; and the links to change it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from index.port import FACETS, Sort


@dataclass(frozen=True, slots=True)
class SearchState:
    """One address of the search page. `sort` is None while the user did not choose; `after` is a page's cursor."""

    text: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    first: date | None = None
    last: date | None = None
    sort: Sort | None = None
    after: str | None = None

    @property
    def query(self) -> str:
        """Text, filters and days as one query, as it could be typed or saved as a rule; empty without any of them."""
        narrowed = [f"{field}:{quoted(value)}" for field, value in self.filters]
        if self.first or self.last:
            narrowed.append(f"published:[{self.first or '*'} TO {self.last or '*'}]")
        if not narrowed or not self.text:
            return self.text or " AND ".join(narrowed)
        return " AND ".join([f"({self.text})", *narrowed])

    @property
    def order(self) -> Sort:
        """The chosen order; else by relevance where there are words to be relevant to, by date where not."""
        return self.sort or ("relevance" if self.text else "date")

    @property
    def url(self) -> str:
        """The address of this state."""
        fields = [("q", self.text), *self.filters, ("from", str(self.first or "")), ("to", str(self.last or ""))]
        fields += [("sort", self.sort or ""), ("after", self.after or "")]
        query = urlencode([(name, value) for name, value in fields if value], errors="replace")
        return f"/?{query}" if query else "/"

    def with_filter(self, field: str, value: str) -> "SearchState":
        """Narrowed by one more facet value."""
        return replace(self, filters=tuple(dict.fromkeys((*self.filters, (field, value)))), after=None)

    def without_filter(self, field: str, value: str) -> "SearchState":
        """The same search without that facet value."""
        return replace(self, filters=tuple(f for f in self.filters if f != (field, value)), after=None)

    def with_days(self, first: date | None, last: date | None) -> "SearchState":
        """Narrowed to articles published from `first` to `last`, both included; None leaves that end open."""
        return replace(self, first=first, last=last, after=None)

    def with_sort(self, sort: Sort) -> "SearchState":
        """The same search in another order."""
        return replace(self, sort=sort, after=None)

    def with_after(self, cursor: str) -> "SearchState":
        """The page that follows the cursor."""
        return replace(self, after=cursor)

    def first_page(self) -> "SearchState":
        """The page that has no cursor."""
        return replace(self, after=None)

    def without_narrowing(self) -> "SearchState":
        """The same words without filters and days."""
        return replace(self, filters=(), first=None, last=None, after=None)


def search_state(params: Sequence[tuple[str, str]]) -> SearchState:
    """What the address asks for. Anything it cannot mean (an unknown name, a date that is none) is left out."""
    single: Mapping[str, str] = dict(params)
    sort: Sort | None = "date" if single.get("sort") == "date" else None
    if single.get("sort") == "relevance":
        sort = "relevance"
    return SearchState(
        text=single.get("q", "").strip(),
        filters=tuple(dict.fromkeys((name, value) for name, value in params if name in FACETS and value)),
        first=_date(single.get("from", "")),
        last=_date(single.get("to", "")),
        sort=sort,
        after=single.get("after") or None,
    )


def quoted(value: str) -> str:
    """The value as a phrase of the query language, which knows curly quotes as well."""
    return '"' + re.sub(r'["“”„‟\\]', r"\\\g<0>", value) + '"'


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
