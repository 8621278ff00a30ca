"""What uploads are checked for: checks decide, the runner acts."""
