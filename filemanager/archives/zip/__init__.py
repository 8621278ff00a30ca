"""The strict reader of zip archives."""
