"""What browsers are told about the answers that they could show or run."""

SANDBOXED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""For what users sent: a browser runs none of it."""
