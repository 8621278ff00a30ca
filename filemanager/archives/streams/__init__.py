"""Compressed streams, decoded under a budget."""
