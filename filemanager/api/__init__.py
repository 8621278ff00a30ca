"""HTTP: parse, call, represent."""
