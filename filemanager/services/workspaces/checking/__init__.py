"""Checking again what a workspace holds."""
