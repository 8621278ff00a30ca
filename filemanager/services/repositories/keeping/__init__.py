"""Looking after repositories: what is in them, what was, what may come, and who may read them."""
