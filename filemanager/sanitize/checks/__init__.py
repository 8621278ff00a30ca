"""The checks: each looks at a file or the tree, and says what to do about it."""
