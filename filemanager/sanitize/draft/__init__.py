"""The tree that an upload would make, while checks still change it."""
