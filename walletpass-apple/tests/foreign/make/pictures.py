"""Draws the small pictures of the passes: pictures.py FOLDER"""
import pathlib
import struct
import sys
import zlib

SIZES = {"icon.png": (29, 29), "icon@2x.png": (58, 58), "icon@3x.png": (87, 87), "logo.png": (57, 29), "logo@2x.png": (114, 58)}


def png(width, height):
    # A bean: one dark disc on a light ground.
    def pixel(x, y):
        inside = (2 * x - width) ** 2 + (2 * y - height) ** 2 < (min(width, height) * 0.8) ** 2
        return b"\x4b\x2e\x1e" if inside else b"\xf3\xea\xdf"

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, size in SIZES.items():
    (folder / name).write_bytes(png(*size))
