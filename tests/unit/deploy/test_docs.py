"""The documentation says what the program does, and leaves nothing out."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel
from typer.main import get_command

from deploy.cli.app import app
from deploy.settings import Settings
from index.alerts.rule import Rule
from index.query import FIELDS, STATUSES, And, Between, Boost, Everything, Exact, Named, Not, Or, Prefix, Words, parse
from index.query_errors import QueryError
from ingest.feed import Feed
from process.lexicon import load_event_types
from process.tagged import Label
from tests.unit.deploy import manual

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROOT_COMMAND: Any = get_command(app)


class OneName:
    """Knows that Pékin is Beijing."""

    def resolve(self, name: str) -> tuple[str, ...]:
        return ("Beijing",) if name == "Pékin" else ()


def commands(group: Any = ROOT_COMMAND, name: str = "wirewatch") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its whole name."""
    for each, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {each}")
        else:
            yield f"{name} {each}", command


def options(command: Any) -> set[str]:
    return {opt for param in command.params for opt in param.opts if param.param_type_name == "option"}


def documented_options(section: str) -> set[str]:
    return {option for row in manual.table(section) for option in re.findall(r"(?<!\S)`(--[a-z-]+)", row[0])}


def test_every_command_has_its_section_and_no_other_has() -> None:
    told = {title for title in manual.sections(manual.page("commands.md")) if title}
    assert told == {"wirewatch", *(name for name, _ in commands())}


@pytest.mark.parametrize("name", sorted(name for name, _ in commands()))
def test_every_option_of_a_command_is_documented_and_no_other_is(name: str) -> None:
    section = manual.sections(manual.page("commands.md"))[name]
    assert documented_options(section) == options(dict(commands())[name])


def test_the_options_before_the_command_are_documented() -> None:
    section = manual.sections(manual.page("commands.md"))["wirewatch"]
    assert documented_options(section) == options(ROOT_COMMAND) | {"--help"}


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_every_command_line_in_the_documentation_is_understood(page: Path) -> None:
    for words, whole in manual.command_lines(page.read_text(encoding="utf-8")):
        understand(words, whole)


def understand(words: list[str], whole: bool) -> None:
    """Parse a command line as the program does, without running it. Only a whole one needs all its arguments."""
    command, context, left = ROOT_COMMAND, None, words
    while left or not hasattr(command, "commands"):
        try:
            context = command.make_context("wirewatch", list(left), parent=context, resilient_parsing=not whole)
        except typer.Exit:  # --help and --version end it
            return
        except Exception as error:
            raise AssertionError(f"wirewatch {' '.join(words)}: {error}") from error
        if not hasattr(command, "commands"):
            return
        left = [*context._protected_args, *context.args]
        if left[:1] == ["COMMAND"]:
            return
        if left:
            assert left[0] in command.commands, f"wirewatch {' '.join(words)}: there is no command {left[0]}"
            command, left = command.commands[left[0]], left[1:]


def models() -> Iterator[tuple[str, str, type[BaseModel]]]:
    """Each table of the settings: its heading, its key and what it holds."""
    yield "", "", Settings
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield f"`[{name}]`", name, field.annotation
    yield "`[[feed]]`, once per feed", "feed", Feed
    yield "`[[rule]]`, once per alert rule", "rule", Rule


MODELS = {title: (key, model) for title, key, model in models()}


def test_every_table_of_the_settings_is_documented() -> None:
    assert set(manual.sections(manual.page("settings.md"))) == {*MODELS, "A whole file"}


@pytest.mark.parametrize("title", MODELS)
def test_every_setting_is_documented_with_its_default(title: str) -> None:
    key, model = MODELS[title]
    section = manual.sections(manual.page("settings.md"))[title]
    rows = {manual.code(row[0]): row[1] for row in manual.table(section) if len(row) == 3}
    tables = {each for each, _ in MODELS.values()}
    fields = {field.alias or name: name for name, field in model.model_fields.items() if name not in tables}
    assert set(rows) == set(fields)
    for name, default in rows.items():
        assert name is not None
        field = model.model_fields[fields[name]]
        if value := manual.code(default):
            given = tomllib.loads(f"it = {value}")["it"]
            required = {"url": "https://example.org/"} if model is Feed else {"name": "x", "query": "x"}
            filled = model.model_validate({**(required if key in ("feed", "rule") else {}), name: given})
            assert getattr(filled, fields[name]) == field.default, f"{title} {name}"
        else:
            assert field.is_required() or not field.default, f"{title} {name} has a default: {field.default}"


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_every_settings_example_is_valid(page: Path) -> None:
    for block in manual.fenced(page.read_text(encoding="utf-8"), "toml"):
        for rule in Settings.model_validate(tomllib.loads(block)).rule:
            parse(rule.query, OneName(), NOW)


def test_every_query_field_is_documented_by_an_example_that_works() -> None:
    rows = manual.table(manual.sections(manual.page("query-language.md"))["Fields"])
    assert {manual.code(row[0]) for row in rows} == {f"{field}:" for field in FIELDS}
    for field, example, _ in rows:
        query = manual.code(example) or ""
        assert query.startswith(field.strip("`"))
        parse(query, OneName(), NOW)


def test_every_form_of_a_query_is_documented_by_an_example_that_works() -> None:
    found: set[type] = set()
    slops = set()
    for _, example, _ in manual.table(manual.sections(manual.page("query-language.md"))["Forms"]):
        for node in nodes(parse(manual.code(example) or "", OneName(), NOW)):
            found.add(type(node))
            slops.add(getattr(node, "slop", 0) > 0)
    in_fields = {type(parse(query, OneName(), NOW)) for query in ("place:Pékin", "event:visit")}
    assert found | in_fields == {And, Or, Not, Words, Prefix, Boost, Everything, Between, Named, Exact}
    assert slops == {False, True}


def nodes(query: Any) -> Iterator[Any]:
    yield query
    for clause in (*getattr(query, "clauses", ()), *filter(None, [getattr(query, "clause", None)])):
        yield from nodes(clause)


def test_every_error_of_a_query_is_as_documented() -> None:
    rows = manual.table(manual.sections(manual.page("query-language.md"))["Errors"])
    assert len(rows) > 10
    for query, column, message in rows:
        with pytest.raises(QueryError) as caught:
            parse(manual.code(query) or "", OneName(), NOW)
        assert (str(caught.value.column), caught.value.problem) == (column, message)


def test_every_event_type_is_documented_with_its_code() -> None:
    rows = manual.table(manual.sections(manual.page("tagging.md"))["Event types"])
    assert {manual.code(row[0]): row[2] for row in rows} == {
        name: event.plover for name, event in load_event_types().items()
    }


def test_every_label_and_status_is_documented() -> None:
    told = [row[0].strip("`") for row in manual.table(manual.sections(manual.page("tagging.md"))["What is tagged"])]
    assert told == [*get_args(Label), *STATUSES]


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in manual.links(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in manual.anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (manual.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize(("page", "mark"), [("performance.md", "bench"), ("tagging.md", "scores")])
def test_measured_figures_have_their_place(page: str, mark: str) -> None:
    assert len(re.findall(f"<!-- {mark} -->\n.*?<!-- /{mark} -->", manual.page(page), re.DOTALL)) == 1


def test_every_message_in_troubleshooting_is_one_that_the_program_says() -> None:
    says = manual.messages()
    quoted = [text for row in manual.table(manual.page("troubleshooting.md")) for text in re.findall("`(.*?)`", row[0])]
    assert len(quoted) > 40
    for piece in {piece.strip(" ();.") for text in quoted for piece in text.split("…")}:
        assert any(piece in message for message in says), piece
