"""Stored objects, and the blobs packed into them."""
