"""A search for what must not be there, also where it is packed or encoded."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def layers(data: bytes, depth: int = 3) -> Iterator[bytes]:
    """The bytes, and whatever is packed or encoded in them, three layers deep."""
    yield data
    if depth == 0:
        return
    for inner in [*_unpacked(data), *_decoded(data)]:
        yield from layers(inner, depth - 1)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):  # what looks packed by chance
            yield gzip.decompress(data)
    if data[:1] == b"\x78":
        with suppress(zlib.error):
            yield zlib.decompress(data)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
            yield archive.comment
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            yield from (archive.extractfile(member).read() for member in archive if member.isfile())


def _decoded(data: bytes) -> Iterator[bytes]:
    for match in _BASE64.finditer(data):
        text = match[0].replace(b"-", b"+").replace(b"_", b"/")
        try:
            yield base64.b64decode(text + b"=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            continue


def found_in(place: Path, words: list[str]) -> list[str]:
    """Where words occur below a folder: in names, in files, and inside archives and encodings in them."""
    wanted = [word.encode() for word in words]
    hits = []
    for path in [place, *place.rglob("*")]:
        hits += [f"name of {path}" for word in words if word in path.name]
        if path.is_file() and not path.is_symlink():
            for layer in layers(path.read_bytes()):
                hits += [f"{path}: {word.decode()}" for word in wanted if word in layer]
    return hits
