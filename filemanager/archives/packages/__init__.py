"""Strict readers of packages: hostile bytes in, what an index needs of them out."""
