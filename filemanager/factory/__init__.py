"""The composition root: a module for each capability; ``application`` joins them."""
