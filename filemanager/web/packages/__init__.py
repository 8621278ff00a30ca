"""Pages of data packages: made, filled from sources, described, frozen and shared."""
