"""Sources: places of others that bytes stay in, and what may be asked of them."""
