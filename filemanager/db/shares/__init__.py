"""Rows of shares, capabilities and visits."""
