"""Who people are, as a provider of OpenID Connect says: its documents, keys and tokens."""
