"""Content-Encoding undone in bounded memory: a small body that unpacks to gigabytes is refused while it unpacks."""

import zlib
from collections.abc import Callable, Iterable
from itertools import chain

import brotli  # type: ignore[import-untyped]

from ingest.fetch_errors import TooLarge, Undecodable

ACCEPTED = "gzip, deflate, br"
_AS_SENT = ("", "identity")
_STEP = 65536  # bytes unpacked at a time
_GZIP = 16 + zlib.MAX_WBITS
_GZIP_BEGINS = b"\x1f\x8b"


def read_body(url: str, chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The body, unpacked, also where it is a gzip file served as such. Raises TooLarge as soon as more than `limit`
    bytes came in or out, Undecodable.
    """
    left, encoding = iter(chunks), encoding.strip().lower()
    first = next(left, b"")
    if encoding in _AS_SENT and first.startswith(_GZIP_BEGINS):  # feed.xml.gz
        encoding = "gzip"
    unpack = _unpacker(url, encoding)
    body = bytearray()
    received = 0
    for chunk in chain((first,), left):
        received += len(chunk)
        if received > limit:
            raise _too_large(url, limit)
        for piece in unpack.feed(chunk):
            body += piece
            if len(body) > limit:
                raise _too_large(url, limit)
    if received and not unpack.ended():
        raise Undecodable(url, f"the {encoding} data break off; it will be tried again")
    return bytes(body)


def _too_large(url: str, limit: int) -> TooLarge:
    return TooLarge(url, f"larger than {limit:,} bytes; if it is no mistake, ask the publisher for a shorter feed")


class _Identity:
    def feed(self, chunk: bytes) -> Iterable[bytes]:
        return (chunk,)

    def ended(self) -> bool:
        return True


class _Zlib:
    """gzip (RFC 1952, several members too) and deflate, with the zlib header (RFC 9110) or, as some do, without."""

    def __init__(self, url: str, window: int) -> None:
        self._url = url
        self._window = window
        self._stream = zlib.decompressobj(window)
        self._begun = False

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        data = chunk
        while data:
            if self._stream.eof:
                if self._window != _GZIP or not data.strip(b"\0"):
                    return  # padding after the end, which is common
                self._stream = zlib.decompressobj(self._window)
            piece = self._decompress(data)
            data = self._stream.unconsumed_tail or self._stream.unused_data
            yield piece

    def _decompress(self, data: bytes) -> bytes:
        try:
            piece = self._stream.decompress(data, _STEP)
        except zlib.error as error:
            if self._begun or self._window != zlib.MAX_WBITS:
                raise Undecodable(self._url, f"its compressed data are broken ({error})") from error
            self._window = -zlib.MAX_WBITS
            self._stream = zlib.decompressobj(self._window)
            self._begun = True
            return self._decompress(data)
        self._begun = True
        return piece

    def ended(self) -> bool:
        return self._stream.eof


class _Brotli:
    """RFC 7932."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stream = brotli.Decompressor()

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        try:
            piece = self._stream.process(chunk, output_buffer_limit=_STEP)
            while piece:  # what went in may come out in many steps
                yield piece
                piece = b"" if self._stream.is_finished() else self._stream.process(b"", output_buffer_limit=_STEP)
        except brotli.error as error:
            raise Undecodable(self._url, f"its compressed data are broken ({error})") from error

    def ended(self) -> bool:
        return bool(self._stream.is_finished())


def _unpacker(url: str, encoding: str) -> "_Identity | _Zlib | _Brotli":
    known: dict[str, Callable[[], _Identity | _Zlib | _Brotli]] = {
        **dict.fromkeys(_AS_SENT, _Identity),
        "gzip": lambda: _Zlib(url, _GZIP),
        "x-gzip": lambda: _Zlib(url, _GZIP),
        "deflate": lambda: _Zlib(url, zlib.MAX_WBITS),
        "br": lambda: _Brotli(url),
    }
    if encoding not in known:
        raise Undecodable(url, f'it is compressed as "{encoding}", which was not asked for; tell the publisher')
    return known[encoding]()
