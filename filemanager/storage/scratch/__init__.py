"""Where the bytes of running uploads lie."""
