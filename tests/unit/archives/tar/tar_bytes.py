"""Tar blocks made by hand, right or wrong in one place."""

END = bytes(1024)


def header(
    name: bytes = b"a.txt",
    size: int | bytes = 0,
    kind: bytes = b"0",
    *,
    link: bytes = b"",
    prefix: bytes = b"",
    magic: bytes = b"ustar\x0000",
    mode: bytes = b"0000644\0",
) -> bytes:
    """*size* as bytes goes in as it is."""
    fields = (
        name.ljust(100, b"\0"),
        mode,
        b"0000000\0" * 2,
        size if isinstance(size, bytes) else b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,
        kind,
        link.ljust(100, b"\0"),
        magic,
        bytes(80),
        prefix.ljust(155, b"\0"),
    )
    return with_checksum(b"".join(fields).ljust(512, b"\0"))


def with_checksum(block: bytes) -> bytes:
    total = sum(block[:148]) + 8 * ord(" ") + sum(block[156:])
    return block[:148] + b"%06o\0 " % total + block[156:]


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def member(name: bytes = b"a.txt", data: bytes = b"hello", kind: bytes = b"0") -> bytes:
    return header(name, len(data), kind) + padded(data)


def record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    while True:
        found = b"%d %s=%s\n" % (length, key, value)
        if len(found) == length:
            return found
        length = len(found)


def pax(*records: tuple[bytes, bytes], kind: bytes = b"x") -> bytes:
    return member(b"PaxHeader", b"".join(record(key, value) for key, value in records), kind)
