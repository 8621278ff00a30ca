"""Where bytes lie: the stores of the settings."""
