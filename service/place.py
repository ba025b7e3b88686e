"""Where people reach the service: what stands before every path in an address that is written out in full."""

from __future__ import annotations

from falcon import Request

from service.settings import Settings


def base(req: Request, settings: Settings) -> str:
    """Scheme, host and what else stands before a path, without a slash at the end."""
    return settings.public_url.rstrip("/") or str(req.prefix)
