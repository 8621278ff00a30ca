"""Who is signed in to the pages, and what a browser is given for it."""
