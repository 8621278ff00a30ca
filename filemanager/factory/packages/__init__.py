"""The doors of data packages."""
