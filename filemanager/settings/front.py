"""Settings of what faces clients: ports, processes, patience, hosts and proxies."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

from pydantic import Field, field_validator

from filemanager.settings.sources import FromEnvironment, named
from filemanager.settings.values import Size

Network = IPv4Network | IPv6Network

_PUBLIC_URL = re.compile(r"https?://[^/?#\s]+(/[A-Za-z0-9._~-]+)*/?")


class FrontSettings(FromEnvironment):
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least of what is logged: `debug`, `info`, `warning` or `error`."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(
        8000, ge=0, le=65535, validation_alias=named("port", "PORT"), description="Port to serve."
    )
    workers: int = Field(2, ge=1, le=64, description="Server processes.")
    threads: int = Field(
        64,
        ge=1,
        le=256,
        description="Threads of each process, beside those that slow clients have.",
    )
    pool_size: int = Field(
        8,
        ge=1,
        le=256,
        description="Database connections of each process that read, and that write.",
    )
    slow_bodies: int = Field(
        256,
        ge=1,
        le=1024,
        description="Slow uploads and downloads that each process keeps; the slowest goes first.",
    )
    header_seconds: int = Field(
        10, ge=1, description="How long the head of a request may take in all."
    )
    min_rate_bytes: Size = Field(
        1000,
        ge=0,
        description="Bytes a second that a body or an answer moves at least, over a minute.",
    )
    stall_seconds: int = Field(
        60, ge=1, description="How long a connection may stand still in the middle of a request."
    )
    public_url: str | None = Field(
        None,
        description="Scheme, host and path that links are made with; the request's when unset.",
    )
    allowed_hosts: str = Field(
        "*",
        description="Host names that requests may be for, separated by commas; `*`: any. Addresses,"
        " `localhost` and the public URL's host are taken as well, and without a token the bucket"
        " takes no other that is not named.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses and networks, separated by commas, of the proxies in front whose"
        " `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are believed.",
    )

    @field_validator("public_url")
    @classmethod
    def _without_closing_slash(cls, given: str | None) -> str | None:
        if given is not None and not _PUBLIC_URL.fullmatch(given):
            raise ValueError("it must be http:// or https://, a host, and a plain path or none")
        return given and given.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _readable_networks(cls, given: str) -> str:
        for one in _listed(given):
            ip_network(one, strict=False)
        return given

    @property
    def proxies(self) -> tuple[Network, ...]:
        return tuple(ip_network(one, strict=False) for one in _listed(self.trusted_proxies))

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _listed(self.allowed_hosts))


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").split()
