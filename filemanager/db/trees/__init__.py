"""Revisioned trees: entries, findings and alterations, and the questions asked of them."""
