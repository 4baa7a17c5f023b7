"""`wirewatch models`: trained spaCy pipelines, which the tagger can use for names and syntax."""

import importlib
import subprocess
import sys
from typing import Annotated

import typer

from deploy.cli.session import JsonOption, print_json, session
from ingest.errors import Unavailable, WirewatchError
from process.trained import PIPELINES, installed

group = typer.Typer(
    help="Trained spaCy pipelines. None is needed; the default tagger works without.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="models")


@group.command("list")
def list_models(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show which pipelines there are for each language and which are installed."""
    rows = [
        {"language": language, "model": installed(names) or _smallest(language), "installed": bool(installed(names))}
        for language, names in PIPELINES.items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = "installed" if row["installed"] else f"not installed; wirewatch models install {row['language']}"
        session(context).console.print(f"{row['language']}  {row['model']:<18} {state}")


@group.command("install")
def install_model(
    context: typer.Context,
    language: Annotated[str, typer.Argument(help="en, fr, de or es.")],
) -> None:
    """Install the pipeline of a language with pip."""
    if language not in PIPELINES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(PIPELINES)}", param_hint="LANGUAGE")
    package = _smallest(language).replace("_", "-")
    done = subprocess.run(  # noqa: S603 - a package name of the table above
        [sys.executable, "-m", "pip", "install", package], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise Unavailable(
            f"pip could not install {package}: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}. "
            f"Try `python -m spacy download {_smallest(language)}`, which asks the spaCy project itself."
        )
    importlib.invalidate_caches()
    if not installed(PIPELINES[language]):
        raise WirewatchError(f"pip installed {package}, but Python cannot find {_smallest(language)}.")
    session(context).console.print(f"Installed {_smallest(language)}; the tagger uses it from its next start.")


def _smallest(language: str) -> str:
    return PIPELINES[language][-1]
