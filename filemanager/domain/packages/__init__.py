"""Data packages: curated lists of texts and pointers, and their versions."""
