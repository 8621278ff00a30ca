"""Directories of links and copies, laid out for other programs to read."""
