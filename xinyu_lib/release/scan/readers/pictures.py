"""Pictures and fonts: what stands in them beside the drawing."""

import re
import struct
import zlib
from collections.abc import Iterator

from xinyu_lib.release.scan.finding import Mark, Part, Text, place
from xinyu_lib.release.scan.vocabulary import vocabulary

PNG = b"\x89PNG\r\n\x1a\n"
COMMENTS = range(0xE1, 0xF0)  # markers of a JPEG that carry more than the picture, beside 0xFE
NO_LENGTH = {0x01, 0xD8, *range(0xD0, 0xD8)}


def read_png(content: bytes) -> Iterator[Part]:
    """Texts and camera data of a PNG. Raises ValueError when it is cut or a checksum is wrong."""
    if not content.startswith(PNG):
        raise ValueError("not a PNG")
    at, kind = len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        data, check = content[at + 8 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if zlib.crc32(kind + data) != struct.unpack(">I", check)[0]:
            raise ValueError("checksum")
        yield from _chunk(kind, data)
        at += 12 + length
    if content[at:]:
        yield Mark(place("whole"), "release.scan.hidden_part.trailing")
        yield Text(place("whole"), content[at:].decode("utf-8", errors="replace"))


def _chunk(kind: bytes, data: bytes) -> Iterator[Part]:
    if kind == b"eXIf":
        yield Mark(place("whole"), "release.scan.metadata.camera")
    if kind in (b"tEXt", b"zTXt", b"iTXt"):
        name, text = _note(kind, data)
        yield Text(place("whole"), f"{name} ; {text}")
        if not (name == "Software" and vocabulary().tool.fullmatch(text.strip())):
            yield Mark(place("whole"), "release.scan.metadata.picture")


def _note(kind: bytes, data: bytes) -> tuple[str, str]:
    """Keyword and text of a text chunk (PNG specification, 11.3.3)."""
    name, _, rest = data.partition(b"\0")
    if kind == b"tEXt":
        return name.decode("latin-1"), rest.decode("latin-1")
    if kind == b"zTXt":
        return name.decode("latin-1"), zlib.decompress(rest[1:]).decode("latin-1")
    text = rest[2:].split(b"\0", 2)[2]
    return name.decode("latin-1"), (zlib.decompress(text) if rest[:1] == b"\1" else text).decode("utf-8")


def read_jpeg(content: bytes) -> Iterator[Part]:
    """Camera data and comments of a JPEG. Raises ValueError when it is cut."""
    if content[:2] != b"\xff\xd8" or b"\xff\xd9" not in content[-16:]:
        raise ValueError("not a JPEG")
    at = 2
    while at < len(content) and content[at + 1] != 0xDA:
        marker = content[at + 1]
        length = 0 if marker in NO_LENGTH else struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in COMMENTS or marker == 0xFE:
            yield Mark(place("whole"), "release.scan.metadata.camera")
            yield Text(place("whole"), content[at + 4 : at + 2 + length].decode("utf-8", errors="replace"))
        at += 2 + length


def read_woff(content: bytes) -> Iterator[Part]:
    """A font says nothing of a pupil; what only pretends to be one is a finding."""
    if not re.match(rb"wOF[F2]", content) or struct.unpack(">I", content[8:12])[0] != len(content):
        yield Mark(place("whole"), "release.scan.data_frame.bytes")
