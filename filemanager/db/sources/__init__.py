"""Rows of sources, and of owners whose shares open nothing."""
