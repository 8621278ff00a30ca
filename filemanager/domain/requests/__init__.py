"""What a request may carry beside its content: conditions, keys, passwords."""
