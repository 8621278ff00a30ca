"""Bytes at rest: objects on a file system, in S3 or in memory, and the scratch space."""
