"""What every page stands on: cookies, forms, guards, and how a page is made."""
