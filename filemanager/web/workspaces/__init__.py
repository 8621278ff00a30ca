"""Workspaces as pages: what is wrong, and how it is mended."""
