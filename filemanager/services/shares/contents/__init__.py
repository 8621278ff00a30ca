"""What a share holds, and every way in which it gives that out."""
