"""Archives: strict readers of hostile input, and the assembler of what goes out."""
