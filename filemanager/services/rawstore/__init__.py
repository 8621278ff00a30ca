"""Leave to post raw files, and what becomes of them."""
