"""Pages of whoever looks after the service."""
