"""Looking after what is kept, and moving all of it elsewhere."""
