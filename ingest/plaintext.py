"""HTML, or what feeds take for it, to plain text: paragraphs kept, entities decoded, no tag and no script left."""

import html
import re
import unicodedata

from lxml import etree  # type: ignore[import-untyped]

from ingest.crowded import without_crowded_tags

_TAG_NAMES = """
a abbr article aside audio b blockquote body br button caption center cite code dd del details div dl dt em embed
figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins label li link main map
mark math menu meta nav noscript object ol option p param picture pre q s script section select small source span strike
strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video
"""
_DROPPED_NAMES = """
audio button canvas embed head iframe input link math meta noscript object option script select style svg template
textarea title video
"""
_PARAGRAPH_NAMES = """
address article aside blockquote body center details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr html main menu nav ol p pre section table tbody tfoot thead ul
"""
_TAGS = frozenset(_TAG_NAMES.split())
_DROPPED = frozenset(_DROPPED_NAMES.split())  # their content is no text for readers
_PARAGRAPHS = frozenset(_PARAGRAPH_NAMES.split())
_LINES = frozenset(["br", "caption", "dd", "dt", "li", "summary", "tr"])
_CELLS = frozenset(["td", "th"])
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_CUT_TAG = re.compile(r"<(?:a|div|iframe|img|p|span)\s[^<>]{0,2000}$", re.IGNORECASE)
_MAX_MARKUP = 5_000_000  # characters looked at; no article is longer, only attacks are

# Control characters, invisible joints that split words, direction overrides that disguise them, and no-characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ESCAPED = re.compile(r"&(?:amp|quot|apos|nbsp|#x?[0-9a-fA-F]{2,5}|[lr][ds]quo|[aeiou]acute);")
_BREAKS = re.compile(r"<(?:p|br|div|li|tr|h[1-6])\b", re.IGNORECASE)
# C1 control characters in a feed are Windows-1252 that someone took for Latin-1.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_NEW_LINES = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")


def plain_text(markup: str) -> str:
    """The text of HTML, or of text that merely looks like it. Paragraphs are parted by an empty line.

    Text that was escaped once too often is unescaped once more; a `<` that begins no known tag stays.
    """
    markup = markup[:_MAX_MARKUP]
    if not _has_tags(markup) and not _CUT_TAG.search(markup) and "<!--" not in markup and "<![CDATA[" not in markup:
        # Without a tag it is plain text, or HTML that was escaped twice: what it unescapes to decides.
        unescaped = html.unescape(markup) if "&" in markup else markup
        if not _has_tags(unescaped):
            return _paragraphs(html.unescape(unescaped) if _twice(unescaped) else unescaped)
        markup = unescaped
    text = _paragraphs(_render(markup))
    return text if not _twice(text) else _paragraphs(html.unescape(text))


def one_line(markup: str) -> str:
    """The same for a title: everything on one line."""
    return " ".join(plain_text(markup).split())


def clean(text: str) -> str:
    """Text as people read it: composed (NFC), without control and invisible characters, line ends as "\\n"."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _NEW_LINES.sub("\n", text.translate(_C1))))


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with an ellipsis where something is missing."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"


def _has_tags(text: str) -> bool:
    return any(match[1].lower() in _TAGS for match in _TAG.finditer(text))


def _twice(text: str) -> bool:
    """Whether entities are left that nobody writes on purpose, as in "AT&amp;T"."""
    return (
        "&" in text
        and re.search(r"&(?:amp|quot|apos|nbsp|#x?[0-9a-fA-F]{2,5}|[lr][ds]quo|[aeiou]acute);", text) is not None
    )


def _paragraphs(text: str) -> str:
    """Every paragraph on lines without surplus blanks, one empty line between two."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _render(markup: str) -> str:
    """The text of a tree, with an empty line round each block and a new line at each break."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    closed = _CUT_TAG.sub("", without_crowded_tags(clean(markup)).replace("<![CDATA[", "").replace("]]>", ""))
    tree = etree.fromstring(f"<div>{closed}</div>".encode(), parser)
    if tree is None:
        return ""
    blank_lines_count = not _BREAKS.search(closed)
    pieces: list[str] = []

    def add(text: str | None, *, verbatim: bool = False) -> None:
        if text:
            pieces.append(text if verbatim or blank_lines_count else text.replace("\n", " "))

    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in _PARAGRAPHS or event == "start":
            pieces.append(_before(tag))
        if event == "end":
            add(element.tail, verbatim=_in_pre(element.getparent()))
        elif tag in _DROPPED:
            walk.skip_subtree()
        else:
            add(element.text, verbatim=_in_pre(element))
    return "".join(pieces)


def _before(tag: str) -> str:
    if tag in _PARAGRAPHS:
        return "\n\n"
    if tag in _LINES:
        return "\n"
    return " " if tag in _CELLS else ""


def _in_pre(element: etree._Element | None) -> bool:
    return element is not None and element.tag == "pre"
