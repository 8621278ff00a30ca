"""Shares over HTTP, for their owners and for whoever has the link."""
