"""Addresses that requests come from, cut to what is to be known of them."""

import ipaddress


def one_of(address: str) -> str:
    """What stands for all addresses that one guest may have: of IPv6 the first 64 bits, since a
    computer takes another one in them every day.
    """
    return _cut(address, 32, 64) or address


def network_of(address: str) -> str:
    """What the log keeps of an address; nothing of what is none."""
    return _cut(address, 24, 48)


def _cut(address: str, bits: int, bits_of_v6: int) -> str:
    """The network; an IPv4 address may be written as one of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((int(parsed), bits_of_v6), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ipaddress.IPv4Network((int(parsed), bits), strict=False))
