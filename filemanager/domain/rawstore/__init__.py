"""Raw files at keys made by a pattern."""
