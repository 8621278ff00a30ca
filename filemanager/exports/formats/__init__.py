"""Descriptions of a package in open formats."""
