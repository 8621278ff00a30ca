"""Rows of sessions, hand-overs and web tokens."""
