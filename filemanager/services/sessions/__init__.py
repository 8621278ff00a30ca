"""Signing in, staying signed in, and what a page's scripts may ask with."""
