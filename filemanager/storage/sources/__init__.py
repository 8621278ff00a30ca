"""The objects of sources: in S3, and in directories."""
