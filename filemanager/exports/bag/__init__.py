"""The holey bag of a package (BagIt 1.0, RFC 8493)."""
