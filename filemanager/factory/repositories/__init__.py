"""The repositories door, made of its parts."""
