"""Repositories: pushing packages, publishing them, reading what is published."""
