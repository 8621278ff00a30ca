"""The outbox, what owners see of their jobs, and the slots of periodic work."""
