"""The settings, a module for each door; ``service`` is their sum, ``reading`` what reads them."""
