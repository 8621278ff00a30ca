"""Questions about everything that is kept."""
