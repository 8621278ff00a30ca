"""Drops, their replicas, and who may reach them."""
