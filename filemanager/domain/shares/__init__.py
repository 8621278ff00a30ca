"""Shares: what opens a data package by link."""
