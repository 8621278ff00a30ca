"""The doors of workspaces, and of invitations into them."""
