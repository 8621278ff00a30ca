"""HTTP: what every door shares, and no door's name."""
