"""Undoes a Content-Encoding piece by piece, so that a few bytes cannot become gigabytes.

The HTTP library could do it, but lets a gzip body that breaks off pass as a whole one; its
validators would then be kept, and the entries that were cut off never be seen.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # it comes without types

PIECE = 65_536


class UnpackingError(Exception):
    """The body is not packed in the way that its header says."""


class Unpacker(Protocol):
    """Something that undoes one coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Answer what *data* unpacks to, in pieces of about `PIECE` bytes at most.

        Raises:
            UnpackingError: *data* is something else.
        """
        ...

    def is_whole(self) -> bool:
        """Answer whether all that was packed has been fed."""
        ...


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def is_whole(self) -> bool:
        return True


class _Zlib:
    """`gzip` of one or more members, and `deflate` with or without its header."""

    def __init__(self, window_bits: int) -> None:
        self._bits = window_bits
        self._stream = zlib.decompressobj(window_bits)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and not self._begun:
            self._begun = True
            # "deflate" means zlib, and some servers leave its header away.
            if self._bits == zlib.MAX_WBITS and data[0] & 15 != zlib.DEFLATED:
                self._bits = -zlib.MAX_WBITS
                self._stream = zlib.decompressobj(self._bits)
        if self._stream.eof:
            data = self._next_member(data)
        while data:
            try:
                yield self._stream.decompress(data, PIECE)
            except zlib.error as error:
                raise UnpackingError from error
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._next_member(self._stream.unused_data)

    def _next_member(self, rest: bytes) -> bytes:
        """Begin again where another gzip member follows; anything else there is padding."""
        if self._bits <= zlib.MAX_WBITS or not rest.startswith(b"\x1f\x8b"):
            return b""
        self._stream = zlib.decompressobj(self._bits)
        return rest

    def is_whole(self) -> bool:
        return self._stream.eof or not self._begun


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        try:
            piece = self._stream.process(data, output_buffer_limit=PIECE)
            # That it can take more does not mean that it has given all.
            while piece or not self._stream.can_accept_more_data():
                yield piece
                piece = self._stream.process(b"", output_buffer_limit=PIECE)
        except brotli.error as error:
            raise UnpackingError from error

    def is_whole(self) -> bool:
        return self._stream.is_finished() or not self._begun


def unpacker(coding: str) -> Unpacker | None:
    """Answer what undoes *coding*, a Content-Encoding; None for one that was not asked for."""
    match coding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _Brotli()
        case _:
            return None
