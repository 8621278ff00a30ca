"""``/filemanager/api/v2``."""
