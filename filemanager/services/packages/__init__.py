"""Data packages: items, hash jobs, freezing, versions."""
