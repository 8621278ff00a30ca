"""Shares: who is let in, visits, and what tools fetch."""
