"""Settings: `wirewatch.toml`, each key overridable by an environment variable such as `WIREWATCH_SEARCH__URL`.

Every key has a default that works on one laptop; `docs/settings.md` lists them all.
"""

import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, field_validator

from deploy.listening import host_and_port
from index.alerts.rule import Rule, mail_address
from ingest.duration import Duration, parse_duration
from ingest.errors import WirewatchError
from ingest.feed import Feed

DEFAULT_FILE = Path("wirewatch.toml")
PREFIX = "WIREWATCH_"
Network = Annotated[IPv4Network | IPv6Network, PlainValidator(ip_network)]


class SettingsError(WirewatchError):
    """The settings cannot be used. The message names the file, the key, what is wrong and what would be right."""


class Table(BaseModel):
    """One table of the settings file: unknown keys are errors, defaults are checked like anything else."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, populate_by_name=True)


_WANTED = {
    "name": 'lower-case letters, digits, "-" and "_", beginning with a letter, such as "wirewatch"',
    "log.lease": 'from 2 seconds to 5 minutes, such as "15s"',
    "web.listen": 'a host and a port, such as "127.0.0.1:8080"',
    "metrics.listen": 'a host and a port, such as "127.0.0.1:9464", or "" for none',
}
"""What would be right, where the rule itself does not tell a person."""


def _scheme(*allowed: str) -> Any:
    def check(url: str) -> str:
        if not url.startswith(tuple(f"{scheme}:" for scheme in allowed)):
            raise ValueError(f"must begin with {' or '.join(f'{scheme}:' for scheme in allowed)}")
        return url

    return check


class LogSettings(Table):
    """Where the log is. `sqlite:` is a file in the data folder; `kafka://` is a cluster."""

    url: str = "sqlite:"
    partitions: Annotated[int, Field(ge=1, le=256)] = 4
    retention: Duration = parse_duration("365d")
    replication: Annotated[int, Field(ge=0, le=15)] = 0
    cleanup: Literal["delete", "compact", "compact,delete"] = "delete"
    lease: Annotated[Duration, Field(ge=timedelta(seconds=2), le=timedelta(minutes=5))] = parse_duration("15s")

    _url = field_validator("url")(_scheme("sqlite", "kafka"))


class SearchSettings(Table):
    """Where the search index is. `tantivy:` is a folder in the data folder, `https://…` is Elasticsearch.

    `ca_file` is relative to the settings file's folder.
    """

    url: str = "tantivy:"
    api_key: str | None = None
    ca_file: Path | None = None

    _url = field_validator("url")(_scheme("tantivy", "https", "http"))


class MailSettings(Table):
    """How alerts are mailed. `maildir:` is a Maildir in the data folder, for one's own mail reader."""

    url: str = "maildir:"
    sender: str = Field(default="Wirewatch <wirewatch@localhost>", alias="from")
    to: tuple[str, ...] = ("wirewatch@localhost",)

    _url = field_validator("url")(_scheme("maildir", "smtp", "smtps"))

    @field_validator("to")
    @classmethod
    def _to_are_addresses(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(mail_address(address) for address in to)

    @field_validator("sender")
    @classmethod
    def _sender_is_an_address(cls, sender: str) -> str:
        mail_address(sender)
        return sender


class FetchSettings(Table):
    """How feeds and article pages are fetched."""

    full_text: bool = True
    allow_private: tuple[Network, ...] = ()
    interval: Duration = parse_duration("10m")
    timeout: Duration = parse_duration("60s")
    max_bytes: Annotated[int, Field(ge=10_000)] = 20_000_000
    workers: Annotated[int, Field(ge=1, le=64)] = 8
    user_agent: str = "Wirewatch/0.1 (news monitor; +https://github.com/wirewatch/wirewatch)"


_PORT = r"(6553[0-5]|655[0-2]\d|65[0-4]\d{2}|6[0-4]\d{3}|[0-5]?\d{1,4})"
_LISTEN = rf"(\[[0-9a-fA-F:]+\]|[^:\s]+):{_PORT}"


class WebSettings(Table):
    """Where the web pages listen. `url` is how mails link to them, when that differs from `listen`."""

    listen: str = Field(default="127.0.0.1:8080", pattern=f"^{_LISTEN}$")
    url: str | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return host_and_port(self.listen)

    @property
    def base_url(self) -> str:
        """The address of the pages, without a slash at the end."""
        return (self.url or f"http://{self.listen}").rstrip("/")


class MetricsSettings(Table):
    """Where figures for Prometheus and the health of the process are told; nowhere when `listen` is empty."""

    listen: str = Field(default="", pattern=f"^({_LISTEN})?$")


class Settings(Table):
    """All settings. `data` is relative to the settings file's folder."""

    name: str = Field(default="wirewatch", pattern=r"^[a-z][a-z0-9_-]{0,40}$")
    data: Path = Path("var")
    log: LogSettings = LogSettings()
    search: SearchSettings = SearchSettings()
    mail: MailSettings = MailSettings()
    fetch: FetchSettings = FetchSettings()
    web: WebSettings = WebSettings()
    metrics: MetricsSettings = MetricsSettings()
    feed: tuple[Feed, ...] = ()
    rule: tuple[Rule, ...] = ()

    @field_validator("rule")
    @classmethod
    def _rules_have_their_own_names(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        names = [rule.name for rule in rules]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two rules are named {twice!r}; give one of them another name")
        return rules


def load_settings(file: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `file`, or of `wirewatch.toml` here if there is one, or the defaults. Raises SettingsError."""
    path = file or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    values = _read(path) if path else {}
    named = f"{path}" if path else "settings"
    _override(values, environment)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("\n".join(dict.fromkeys(_explain(named, each) for each in error.errors()))) from None
    folder = path.parent if path else Path()
    return settings.model_copy(
        update={"data": folder / settings.data.expanduser(), "search": _located(settings.search, folder)}
    )


def _located(search: SearchSettings, folder: Path) -> SearchSettings:
    if search.ca_file is None:
        return search
    return search.model_copy(update={"ca_file": folder / search.ca_file.expanduser()})


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f'{path} is not valid TOML: {error}. Text values stand in quotes: key = "value".') from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(
            f"Cannot read the settings file {path}: {error.strerror}. Name another with --config."
        ) from None


def _override(values: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Lay `WIREWATCH_TABLE__KEY` over the file. A value that reads as JSON (a list, true, 5) is taken so."""
    for variable, text in sorted(environment.items()):
        keys = variable.removeprefix(PREFIX).lower().split("__")
        if not variable.startswith(PREFIX) or keys[0] not in Settings.model_fields:
            continue
        table = values
        for key in keys[:-1]:
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                raise SettingsError(f"{variable}: {key} is a list; set it in the settings file")
        try:
            table[keys[-1]] = json.loads(text)
        except ValueError:
            table[keys[-1]] = text


def _explain(named: str, problem: Mapping[str, Any]) -> str:
    location = problem["loc"]
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    if problem["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(str(location[-1]), _keys(location[:-1]), n=1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(_keys(location[:-1]))}"
        return f"{named}: {key}: there is no such setting; {hint}"
    wanted = _WANTED.get(key)
    message = f"must be {wanted}" if wanted else problem["msg"].removeprefix("Value error, ")
    given = problem.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) and "://" not in str(given) else ""
    return f"{named}: {key}: {message[0].lower()}{message[1:]}{shown}"


def _keys(location: tuple[str | int, ...]) -> list[str]:
    """The keys of the table at that place."""
    tables: dict[str, type[BaseModel]] = {"feed": Feed, "rule": Rule}
    model: type[BaseModel] = Settings
    for part in location:
        if isinstance(part, str):
            kind = tables.get(part) or Settings.model_fields[part].annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                model = kind
    return [field.alias or name for name, field in model.model_fields.items()]
