"""Folders on this machine: what of them is read, and where into them is written."""
