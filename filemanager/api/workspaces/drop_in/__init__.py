"""``/filemanager/api``, as the original answers."""
