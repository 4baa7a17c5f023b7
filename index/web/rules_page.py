"""The alert rules: list them, add one, see what one would have matched, delete one."""

from dataclasses import dataclass
from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from pydantic import ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from index.alerts.rule import Grouping, Rule
from index.port import SearchRequest, SearchResults
from index.query_errors import QueryError
from index.web.backend import WebBackend
from index.web.pages import Pages
from ingest.errors import Unavailable, WirewatchError

TESTED = 20
"""How many of the articles that a rule would have matched are shown."""

HEADERS = {"Referrer-Policy": "same-origin"}
"""Under "no-referrer" a browser sends `Origin: null` with this page's own forms, and they would be refused
where Sec-Fetch-Site is not sent, that is on plain HTTP other than loopback."""


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The form as it was filled in, right or wrong."""

    name: str = ""
    query: str = ""
    to: str = ""
    every: str = "now"
    group: str = "event"

    def rule(self) -> Rule:
        """The rule it describes. Raises WirewatchError that says which field is wrong and what would be right."""
        to = [address.strip() for address in self.to.split(",") if address.strip()]
        name, query = self.name.strip(), self.query.strip()
        try:
            return Rule.model_validate(
                {"name": name or query[:200], "query": query, "to": to, "every": self.every, "group": self.group}
            )
        except ValidationError as error:
            first = error.errors()[0]
            raise WirewatchError(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from error


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the page lists it. `error` is why its query cannot be read, if so."""

    name: str
    query: str
    to: str
    every: str
    group: str
    enabled: bool
    error: str | None


Text = Annotated[str, Form()]


def rules_router(backend: WebBackend, pages: Pages) -> APIRouter:
    """`/rules` (GET lists, and tests with `?test=1`; POST adds) and `/rules/delete`."""
    router = APIRouter()

    def page(form: RuleForm, status: int = 200, said: str = "", **context: object) -> HTMLResponse:
        rules = backend.rules.rules()
        return pages.page(
            "rules.html",
            status,
            HEADERS,
            stored=[_row(backend, rule) for rule in rules if not backend.rules.in_file(rule.name)],
            filed=[_row(backend, rule) for rule in rules if backend.rules.in_file(rule.name)],
            form=form,
            groups=get_args(Grouping),
            said=said,
            **{"error": "", "query_error": None, "test": None, **context},
        )

    @router.get("/rules")
    def rules(
        name: str = "", query: str = "", to: str = "", every: str = "now", group: str = "event",
        test: str = "", added: str = "", deleted: str = "",
    ) -> HTMLResponse:  # fmt: skip
        form = RuleForm(name, query, to, every, group)
        said = f"“{added}” is being watched for." if added else f"“{deleted}” is deleted." if deleted else ""
        if not test:
            return page(form, said=said)
        try:
            return page(form, test=_matched(backend, query))
        except QueryError as error:
            return page(form, 400, query_error=error)

    @router.post("/rules")
    def add(name: Text = "", query: Text = "", to: Text = "", every: Text = "now", group: Text = "event") -> Response:
        form = RuleForm(name, query, to, every, group)
        try:
            backend.parse(query)
            rule = form.rule()
            backend.rules.add(rule)
        except QueryError as error:
            return page(form, 400, query_error=error)
        except Unavailable:
            raise
        except WirewatchError as error:
            return page(form, 400, error=str(error))
        return _see({"added": rule.name})

    @router.post("/rules/delete")
    def delete(name: Text = "") -> Response:
        backend.rules.remove(name)
        return _see({"deleted": name})

    return router


def _matched(backend: WebBackend, query: str) -> SearchResults:
    return backend.index.search(SearchRequest(backend.parse(query), sort="date", limit=TESTED))


def _row(backend: WebBackend, rule: Rule) -> RuleRow:
    try:
        backend.parse(rule.query)
        error = None
    except QueryError as problem:
        error = f"{problem.problem} (column {problem.column}). Other rules go on; this one matches nothing."
    return RuleRow(rule.name, rule.query, ", ".join(rule.to), str(rule.every), rule.group, rule.enabled, error)


def _see(said: dict[str, str]) -> RedirectResponse:
    """Answer a post with the page to get, so that a reload does not post again."""
    return RedirectResponse(f"/rules?{urlencode(said, errors='replace')}", status_code=303)
