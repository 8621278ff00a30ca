"""The rows of objects and blobs, and what sweeps them."""
