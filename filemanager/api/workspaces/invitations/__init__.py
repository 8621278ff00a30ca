"""Invitations over HTTP, for whoever invites and for guests who have the link."""
