"""Metadata as yum and dnf read it: XML records, and the repomd.xml that lists them."""
