"""What subjects hold, may hold, and have been promised."""
