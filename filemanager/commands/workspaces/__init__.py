"""The commands for workspaces of a service from afar."""
