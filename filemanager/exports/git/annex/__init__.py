"""The repository for git-annex and DataLad."""
