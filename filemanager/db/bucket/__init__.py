"""The rows of drops, their checksums and replicas."""
