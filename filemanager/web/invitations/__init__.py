"""Pages of whoever was invited to hand in files."""
