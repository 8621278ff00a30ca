"""``/uploads``: in pieces, by grants, in batches."""
