"""A newsroom's desk in a folder of its own: its settings, the installed `wirewatch` command, its mailbox."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from deploy.settings import Settings, load_settings
from deploy.stack.server import free_port
from deploy.wiring import open_log
from ingest.article import Article
from ingest.log.port import ARTICLES

WIREWATCH = Path(sys.executable).with_name("wirewatch")
PATIENCE = 180.0
"""Seconds that a command may take on a slow machine."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed with --json."""
        return json.loads(self.out)


@dataclass
class Desk:
    """Settings are written anew before every command, so feeds and rules may be changed between two."""

    folder: Path
    feeds: list[str] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    """Queries by the name of their rule."""
    rule_options: str = ""
    full_text: bool = False
    port: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "var"

    @property
    def settings(self) -> str:
        """The text of wirewatch.toml."""
        lines = ["[fetch]", f"full_text = {json.dumps(self.full_text)}", 'allow_private = ["127.0.0.0/8"]']
        lines += ["[web]", f'listen = "127.0.0.1:{self.port}"']
        for url in self.feeds:
            lines += ["[[feed]]", f"url = {json.dumps(url)}"]
        for name, query in self.rules.items():
            lines += ["[[rule]]", f"name = {_toml(name)}", f"query = {_toml(query)}", self.rule_options]
        return "\n".join(lines) + "\n"

    @property
    def loaded(self) -> Settings:
        """The settings as the program reads them."""
        self._write()
        return load_settings(self.folder / "wirewatch.toml", self.environment)

    def run(self, *arguments: str, code: int = 0, stdin: str = "", preexec: Callable[[], None] | None = None) -> Done:
        """Run the command to its end, which must be `code`."""
        self._write()
        ended = subprocess.run(
            [WIREWATCH, *arguments],
            cwd=self.folder,
            env={**_environment(), **self.environment},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
            preexec_fn=preexec,
        )
        done = Done(ended.returncode, ended.stdout, ended.stderr)
        assert done.code == code, f"wirewatch {' '.join(arguments)} ended with {done.code}, not {code}:\n{done}"
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        """What the command prints with --json."""
        return self.run(*arguments, "--json", code=code).json

    def once(self) -> Done:
        """`wirewatch run --once`."""
        return self.run("run", "--once")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that goes on; its standard error is kept in the file `stderr`."""
        self._write()
        with (self.folder / "stderr").open("a") as errors:
            return subprocess.Popen(
                [WIREWATCH, *arguments],
                cwd=self.folder,
                env={**_environment(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                text=True,
            )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """`wirewatch run` while the block runs. Whatever the block leaves running is killed."""
        process = self.start(*(arguments or ("run",)))
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def said(self) -> str:
        """The standard error of all that was started."""
        return (self.folder / "stderr").read_text("utf-8")

    def mails(self) -> list[EmailMessage]:
        """The mails of the maildir that nobody has read yet."""
        folder = self.data / "mail" / "new"
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def total(self, query: str) -> int:
        """How many articles a search finds."""
        return int(self.json("search", query)["total"])

    def _write(self) -> None:
        file = self.folder / "wirewatch.toml"
        if not file.exists() or file.read_text("utf-8") != self.settings:
            fresh = file.with_suffix(f".{threading.get_ident()}")
            fresh.write_text(self.settings, encoding="utf-8")
            fresh.replace(file)  # in one step: something that is started just now may be reading it


def taken_in(desk: Desk) -> list[str]:
    """What names each record of the log of articles: its canonical link, else its guid, else its title."""
    with closing(open_log(desk.loaded)) as log:
        articles = [Article.model_validate_json(record.value) for record in log.read(ARTICLES)]
    return [article.url or article.guid or article.title for article in articles]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it did not come about within {seconds:g} s"
        time.sleep(0.05)


def ask_to_stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT, within: float = 30.0) -> int:
    """Send the signal and wait for the end. Returns the exit code."""
    process.send_signal(number)
    return process.wait(within)


def loopback(number: int) -> str:
    """One of many loopback addresses, for each host is asked one thing at a time. Only Linux has more than one."""
    return f"127.0.0.{2 + number % 200}" if sys.platform == "linux" else "127.0.0.1"


def rss(items: Sequence[str], title: str = "Kestrel Wire", language: str = "en") -> str:
    """An RSS feed of these items."""
    head = f"<title>{title}</title><language>{language}</language>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def item(name: str, title: str, text: str = "", *, published: str = "") -> str:
    """One entry of an RSS feed, whose markup must be escaped already."""
    date = f"<pubDate>{published}</pubDate>" if published else ""
    link = f"<link>https://wire.example/{name}</link><guid isPermaLink='false'>{name}</guid>"
    return f"<item><title>{title}</title>{link}{date}<description>{text}</description></item>"


def _environment() -> dict[str, str]:
    """The environment without what would change the settings or the shape of the output."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith("WIREWATCH_")}, "COLUMNS": "200"}


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
