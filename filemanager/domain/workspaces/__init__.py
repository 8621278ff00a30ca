"""Workspaces, their checkpoints and logs."""
