"""What a share shows to people, and to machines that read pages."""
