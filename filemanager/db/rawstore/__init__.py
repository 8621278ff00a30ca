"""The rows of raw files."""
