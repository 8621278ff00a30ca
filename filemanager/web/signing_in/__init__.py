"""Signing in and out, and what else a session is asked for."""
