"""Archives of a tree's content, put together from stored bodies."""
