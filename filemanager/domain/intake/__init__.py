"""What an upload may use while it is unpacked: scratch space and a budget."""
