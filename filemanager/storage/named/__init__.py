"""Bytes at keys that clients see."""
