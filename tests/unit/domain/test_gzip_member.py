"""What stands around deflate blocks."""

from filemanager.domain.blobs.gzip_member import END, gzip_end


def test_the_size_at_the_end_of_a_gzip_member_is_counted_modulo_4_gib() -> None:
    assert gzip_end(0x01020304, (1 << 32) + 5) == END + bytes([4, 3, 2, 1, 5, 0, 0, 0])
