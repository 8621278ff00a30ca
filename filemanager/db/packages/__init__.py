"""Rows of data packages, their items, pointers and versions."""
