"""Checking again what a workspace holds, and what it lacks."""
