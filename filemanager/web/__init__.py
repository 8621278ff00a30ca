"""Pages for people, and the sessions that they sign in to."""
