"""Real servers on loopback, each started for a session and stopped by its own process id."""
