"""Where the service is: names, prefixes, proxies, pages of others."""
