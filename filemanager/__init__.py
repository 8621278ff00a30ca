"""The service where people put files in."""
