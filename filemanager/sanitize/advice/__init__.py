"""Advice to authors, worked out when it is asked for; it changes nothing."""
