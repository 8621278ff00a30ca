"""Records of indexes, made in code."""

from hashlib import sha256

from filemanager.indexes.pages import IndexRecord


def a_record(name: str, version: str = "1.0", arch: str = "amd64", more: str = "") -> IndexRecord:
    digest = sha256(f"{name} {version} {arch} {more}".encode()).hexdigest()
    text = f"Package: {name}\nVersion: {version}\nArchitecture: {arch}\nSHA256: {digest}\n{more}\n"
    order = tuple(int(part) for part in version.split("."))
    return IndexRecord(name, order, arch, digest, text.encode())
