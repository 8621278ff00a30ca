"""People without an account hand in files: invited, opened, received, confirmed."""
