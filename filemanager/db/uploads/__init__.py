"""The rows of uploads, their segments and leaves."""
