"""Sweeping, checking, mending and moving what is kept, whatever door it came through."""
