"""A client of the service: a package of its own, which imports nothing of the server."""
