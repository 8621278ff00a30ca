"""The repository for DVC, and the directory that it stands for."""
