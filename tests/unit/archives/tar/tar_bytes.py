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


def old_sparse(
    pieces: list[tuple[int, int]], size: int, data: bytes, name: bytes = b"s.h5"
) -> bytes:
    """A member of GNU's type ``S``: four pieces in the header, 21 in each block behind it."""
    block = bytearray(header(name, len(data), b"S", magic=b"ustar  \0"))
    fields = [b"%011o\0%011o\0" % piece for piece in pieces]
    more = [fields[at : at + 21] for at in range(4, len(fields), 21)]
    block[386 : 386 + 96] = b"".join(fields[:4]).ljust(96, b"\0")
    block[482] = bool(more)
    block[483:495] = b"%011o\0" % size
    blocks = [
        (b"".join(part).ljust(504, b"\0") + bytes((number < len(more),))).ljust(512, b"\0")
        for number, part in enumerate(more, 1)
    ]
    return with_checksum(bytes(block)) + b"".join(blocks) + padded(data)


def sparse(
    form: str,
    pieces: list[tuple[int, int]],
    size: int,
    data: bytes,
    *,
    name: bytes = b"s.h5",
    more: tuple[tuple[bytes, bytes], ...] = (),
) -> bytes:
    """A sparse member in GNU's form ``old``, ``0.0``, ``0.1`` or ``1.0``."""
    if form == "old":
        return old_sparse(pieces, size, data, name)
    numbers = [b"%d" % number for piece in pieces for number in piece]
    count = b"%d" % len(pieces)
    if form == "1.0":
        front = padded(b"".join(b"%b\n" % number for number in [count, *numbers]))
        said = {b"major": b"1", b"minor": b"0", b"name": name, b"realsize": b"%d" % size}
        body = front + data
    else:
        said = {b"size": b"%d" % size, b"numblocks": count}
        body = data
    records = [(b"GNU.sparse." + key, value) for key, value in said.items()]
    if form == "0.0":
        keys = (b"GNU.sparse.offset", b"GNU.sparse.numbytes")
        records += [(keys[at % 2], number) for at, number in enumerate(numbers)]
    if form == "0.1":
        records += [(b"GNU.sparse.map", b",".join(numbers)), (b"GNU.sparse.name", name)]
    own = name if form == "0.0" else b"GNUSparseFile.1/s"
    return pax(*records, *more) + member(own, body)
