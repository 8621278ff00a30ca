"""Pages of whoever was invited to hand in files, and of who invited."""
