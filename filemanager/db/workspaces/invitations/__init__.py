"""Invitations, their guests, and what those handed in, as rows."""
