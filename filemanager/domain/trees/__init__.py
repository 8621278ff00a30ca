"""Trees: paths, areas, entries, revisions, findings."""
