"""Tags that only an attack has: with so many attributes that parsers, which compare each with all, need minutes."""

import re

_MOST = 1000  # attributes of an XML tag; feeds have a dozen
_ATTRIBUTE = r"""\s*+[^\s=<>"']++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')"""
_XML_TAG = re.compile(rf"<[^\s<>/!?]++(?:{_ATTRIBUTE}){{{_MOST}}}")
# Of HTML anything parts attributes: blanks, strokes, quotes, signs of equality; three of them belong to `a="b" `.
_PART = r"""[^<>\s/="']*+(?:[\s/=]++|"[^"]*+"|'[^']*+')"""
_HTML_TAG = re.compile(rf"<[A-Za-z](?:{_PART}){{{2 * _MOST},}}+[^<>]*+>?")


def has_crowded_tag(xml: str) -> bool:
    """Whether a tag of well-formed XML has a thousand attributes or more."""
    return _XML_TAG.search(xml) is not None


def without_crowded_tags(html: str) -> str:
    """HTML, or what looks like it, without the tags that have thousands of attributes. Takes time in proportion."""
    return _HTML_TAG.sub("", html)
