"""Repositories: packages, and the pages and indexes of publications."""
