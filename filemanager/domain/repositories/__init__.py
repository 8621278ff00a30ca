"""Repositories: packages, and the signed trees that package managers install them from."""
