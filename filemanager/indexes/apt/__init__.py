"""Indexes as apt reads them: stanzas of deb822(5), and the Release file that lists them."""
