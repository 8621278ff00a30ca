"""``/uploads/tus``."""
