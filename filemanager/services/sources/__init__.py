"""Sources: adding, probing, browsing, and what an owner may read of them."""
