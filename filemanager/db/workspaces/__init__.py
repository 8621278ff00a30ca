"""The rows of workspaces, their checkpoints and logs."""
