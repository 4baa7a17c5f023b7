"""What every command needs: the settings, read when first asked for, and the ways to print."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from deploy.settings import Settings, load_settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@dataclass
class Session:
    """One call of the command line."""

    config: Path | None
    debug: bool

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises SettingsError."""
        return load_settings(self.config)

    @cached_property
    def console(self) -> Console:
        """Standard output, coloured on a terminal only."""
        return Console(highlight=False, soft_wrap=True)

    @cached_property
    def messages(self) -> Console:
        """Standard error, for progress and notes."""
        return Console(stderr=True, highlight=False)


def session(context: typer.Context) -> Session:
    """The session that `app.options` made."""
    found = context.find_object(Session)
    assert found is not None
    return found


def print_json(value: Any) -> None:
    """Indented JSON on standard output; times as ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=datetime.isoformat))
