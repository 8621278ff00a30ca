"""How databases are reached: engines, statements, turns at writing, migrations."""
