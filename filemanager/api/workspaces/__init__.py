"""The workspaces door: the original's routes, and ours beside them."""
