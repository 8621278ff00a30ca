"""Contents, and the blobs and objects that keep them."""
