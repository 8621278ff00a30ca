"""Files of workspaces, fetched and verified."""
