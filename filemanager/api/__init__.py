"""HTTP: parse, call, represent; a folder for each door, and ``http`` for what they share."""
