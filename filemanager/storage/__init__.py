"""Bytes at rest, in a folder for each port; the technology is the module's name."""
