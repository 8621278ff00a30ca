"""Multipart forms, as people's programs write them."""
