"""The keys of requests that were answered before."""
