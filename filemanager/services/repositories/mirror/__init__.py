"""The bucket that clients read repositories in by themselves: it follows, and is taken in."""
