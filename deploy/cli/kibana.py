"""`wirewatch kibana`: the data view and the dashboard for Kibana."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from deploy.cli.session import session
from deploy.kibana.dashboard import saved_objects
from deploy.kibana.saved_objects import to_ndjson
from ingest.errors import WirewatchError

group = typer.Typer(
    help="A dashboard for Kibana 8.19 or 9, where the search index is Elasticsearch.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="kibana")


@group.command("export")
def export_objects(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; standard output if none.")] = None,
) -> None:
    """Write the data view and the dashboard as NDJSON, for Kibana's Saved Objects page."""
    this = session(context)
    text = to_ndjson(saved_objects(this.settings.name))
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WirewatchError(f"cannot write {file}: {error.strerror}") from None
    this.messages.print(f"Wrote {escape(str(file))}. In Kibana: Stack Management, Saved Objects, Import.")


@group.command("install")
def install_objects(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            envvar="WIREWATCH_KIBANA_URL",
            help="Where Kibana is, such as https://user:password@kibana.example.org:5601.",
        ),
    ],
    api_key: Annotated[
        str | None,
        typer.Option(
            "--api-key", metavar="KEY", envvar="WIREWATCH_KIBANA_API_KEY", help="An API key (encoded), not a user."
        ),
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option("--ca-file", metavar="FILE", help="Whom to trust besides the system's authorities.")
    ] = None,
) -> None:
    """Put the data view and the dashboard into a running Kibana, in the place of earlier ones."""
    from deploy.kibana.install import Kibana, install  # loads an HTTP client, which no other command needs

    this = session(context)
    kibana = Kibana(url, api_key, ca_file)
    objects = saved_objects(this.settings.name)
    count = install(kibana, objects)
    this.messages.print(f"Installed {count} objects.")
    this.console.print(f"{kibana.shown}/app/dashboards#/view/{objects[-1].id}")
