"""Looking after repositories over HTTP: JSON below ``api``."""
