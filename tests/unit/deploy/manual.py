"""The documentation as tests read it: pages, sections, tables, code, command lines."""

import ast
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^|[|;] ?|`)(?:/\S*/|\.venv/bin/)?wirewatch (?=[-\w…\[])")


def page(name: str) -> str:
    """The text of a page under docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def sections(text: str) -> Mapping[str, str]:
    """What stands under each second-level heading, fenced code left out; under "", what stands before the first."""
    titles = re.split(r"^## (.*)$", _without_fences(text), flags=re.MULTILINE)
    return dict(zip(["", *titles[1::2]], titles[0::2], strict=True))


def table(text: str) -> Sequence[Sequence[str]]:
    """The rows of all tables of a text, without their headers. Cells keep their backticks, `\\|` is a bar."""
    rows: list[list[str]] = []
    for block in re.findall(r"(?:^\|.*\n)+", text + "\n", flags=re.MULTILINE):
        for line in block.splitlines()[2:]:
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            rows.append([cell.strip().replace("\\|", "|") for cell in cells])
    return rows


def code(cell: str) -> str | None:
    """What a cell says if it is one piece of code, else None."""
    match = re.fullmatch(r"`([^`]*)`", cell)
    return match[1] if match else None


def fenced(text: str, language: str) -> Sequence[str]:
    """The fenced blocks of that language."""
    return [body for kind, body in _FENCE.findall(text) if kind == language]


def command_lines(text: str) -> Iterator[tuple[list[str], bool]]:
    """The words after each `wirewatch`, and whether they are a whole line to be typed, not a mention in a sentence."""
    for line in _without_fences(text, keep=("", "sh", "ini")).splitlines():
        typed = line.startswith(("    ", "ExecStart="))
        shown = line.strip().removeprefix("ExecStart=")
        for match in _COMMAND.finditer(shown):
            rest = shown[match.end() :]
            yield _words(rest if typed else rest.split("`")[0]), typed


def links(text: str) -> Sequence[str]:
    """Where the page links to, web addresses aside."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("http:", "https:"))]


def anchors(text: str) -> set[str]:
    """The names by which the page's headings are linked to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", _without_fences(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _words(rest: str) -> list[str]:
    """As the shell would part them, up to a pipe, a redirection or an ellipsis."""
    words: list[str] = []
    for word in shlex.split(rest, comments=True):
        if word in ("|", ">", "…", "&&"):
            break
        words.append(word)
    return words


def _without_fences(text: str, keep: tuple[str, ...] = ()) -> str:
    return _FENCE.sub(lambda block: block[2] if block[1] in keep else "", text)


def messages() -> Sequence[str]:
    """Every text in the program, what is filled in left out: what it can say."""
    found: list[str] = []
    for package in ("ingest", "process", "index", "deploy"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    found.append("".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return found
