"""Measurements of the running service, each beside a peer or a limit in the same run."""
