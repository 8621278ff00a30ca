"""Data packages over HTTP."""
