"""Settings of single doors, and where settings are read from; ``config`` is their sum."""
