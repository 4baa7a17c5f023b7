"""Bytes become the text that was meant, whatever was declared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.charset import decode

TEXT = "<rss>L’été à Köln: 3 € für señor</rss>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_recognised_without_being_declared(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_the_document_is_believed_before_the_server() -> None:
    declared = '<?xml version="1.0" encoding="windows-1251"?><rss>Москва</rss>'
    assert decode(declared.encode("cp1251"), "text/xml; charset=iso-8859-1") == declared
    page = '<meta charset="shift_jis"><p>東京</p>'
    assert decode(page.encode("shift_jis"), "text/html") == page


def test_the_server_is_believed_where_the_document_is_silent() -> None:
    assert decode("<rss>Łódź</rss>".encode("iso-8859-2"), "text/xml; charset=ISO-8859-2") == "<rss>Łódź</rss>"


def test_latin_1_means_windows_1252() -> None:
    assert decode(TEXT.encode("cp1252"), "text/xml; charset=iso-8859-1") == TEXT


def test_utf_8_is_believed_before_any_declaration() -> None:
    assert decode(TEXT.encode(), "text/xml; charset=iso-8859-1") == TEXT


def test_a_character_cut_in_two_at_the_end_spoils_nothing() -> None:
    assert decode("<rss>été".encode()[:-1]) == "<rss>ét"


def test_one_bad_byte_does_not_spoil_a_utf_8_text() -> None:
    text = decode(
        "<rss>été été été été été été été été été été été été é\xff</rss>".encode().replace(b"\xc3\xbf", b"\xff") * 3
    )
    assert text.startswith("<rss>été été")


@pytest.mark.parametrize("name", ["utf-7", "hex", "rot13", "no-such-thing", "idna"])
def test_a_declaration_of_what_is_no_charset_is_ignored(name: str) -> None:
    assert "Fähre" in decode(f'<?xml version="1.0" encoding="{name}"?><rss>Fähre</rss>'.encode())


@given(st.binary(max_size=300))
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(decode(body, None), str)
