"""The doors of sources and of data packages."""
