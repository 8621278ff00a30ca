"""The bucket door."""
