"""The metadata in SQL; the only package that sees tables."""
