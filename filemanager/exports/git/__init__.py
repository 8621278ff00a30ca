"""Packages as git repositories, made without git and asked for by its own protocol."""
