"""The commands of ``filemanager``, a module for each family; ``cli`` puts them together."""
