"""Comparing what the rows say with one another and with what is stored."""
