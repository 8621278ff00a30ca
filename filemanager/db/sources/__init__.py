"""Rows of sources."""
