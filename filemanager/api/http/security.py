"""What browsers are told about the answers that they could show or run."""

SANDBOXED = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""For what users sent: a browser runs none of it."""


def page_headers(*sources: str) -> dict[str, str]:
    """For a page of ours, which may use what the CSP directives *sources* say, and nothing else."""
    policy = ("default-src 'none'", *sources, "base-uri 'none'", "frame-ancestors 'none'")
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "no-referrer",
    }
