"""What is done to workspaces, their files, checkpoints and logs."""
