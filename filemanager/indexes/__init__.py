"""Indexes of repositories: records in, bytes out."""
