"""Invitations: people without an account hand in files by a link."""
