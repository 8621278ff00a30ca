"""What signs repositories: OpenPGP keys, and a stand-in for them."""
