"""The strict reader of tar archives."""
