"""Keeping what is dropped into the bucket, finding it again, exporting it."""
