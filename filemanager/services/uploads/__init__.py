"""Bytes on their way in, by pieces or straight to the store, until a target receives them."""
