"""Uploads on their way to a target, and grants."""
