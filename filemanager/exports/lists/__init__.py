"""Lists of what to fetch and how to check it, as downloaders and checkers read them."""
