"""What kind of file it is: guessed from bytes, lines and names."""
