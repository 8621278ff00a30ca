"""Moving everything from one installation to another."""
