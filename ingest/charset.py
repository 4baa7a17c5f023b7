"""Bytes to text, whatever the server and the document claim: what decodes without a fault is believed first."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STARTS = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_HTTP = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# What is declared on the left is, where bytes decide, its superset on the right (WHATWG Encoding Standard).
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_GUESS_FROM = 200_000  # bytes; more does not make the guess better, only slow
_FEW = 0.02  # the share of odd bytes up to which a UTF-8 text is still one, with a few faults


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of an XML or HTML document, without byte order mark. Never fails.

    Believed in this order: a byte order mark; UTF-8, if the bytes are that (nothing else looks like it); what the
    document declares; what the server declares; UTF-8 with a few faults; a guess.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _STARTS:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    declared = _declared(body, content_type)
    candidates = declared if b"\x1b" in body else ["utf-8", *declared]  # the escape begins Japanese in ISO-2022-JP
    for encoding in candidates:
        if (text := _strictly(body, encoding)) is not None:
            return text
    loosely = body.decode("utf-8", "replace")
    odd = sum(1 for byte in body[:_GUESS_FROM] if byte > 127)
    if loosely[:_GUESS_FROM].count("\N{REPLACEMENT CHARACTER}") <= odd * _FEW:
        return loosely
    guess = from_bytes(body[:_GUESS_FROM]).best()
    return body.decode(guess.encoding if guess else "cp1252", "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    head = body[:4096]
    found = [match[1].decode("ascii") for pattern in (_DECLARED, _META) if (match := pattern.search(head))]
    if said := _HTTP.search(content_type or ""):
        found.append(said[1])
    return [known for name in found if (known := _python_name(name))]


def _python_name(name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return None
    # Python has codecs that are no character sets ("hex", "rot13"); a document may not choose one, nor UTF-7.
    if not codec._is_text_encoding or codec.name in (
        "utf-7",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
    ):
        return None
    return _SUPERSETS.get(codec.name, codec.name)


def _strictly(body: bytes, encoding: str) -> str | None:
    """The text if every byte fits; a character cut in two at the very end is left off, as in a truncated document."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(body, final=False)
    except UnicodeError:
        return None
