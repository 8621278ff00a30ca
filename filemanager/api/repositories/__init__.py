"""The repositories door: signed apt and yum repositories."""
