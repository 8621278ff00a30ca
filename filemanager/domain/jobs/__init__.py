"""Tasks that were promised, and what their owners see of them."""
