"""The rawstore door."""
