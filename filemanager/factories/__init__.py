"""Parts of the composition root, a module for each door or concern; ``factory`` is its top."""
