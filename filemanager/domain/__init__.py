"""The words and the rules: values, errors and ports. Imports nothing of ours and no framework."""
