"""Which promises does every answer carry to the browser: what may run, be framed, be kept?"""

from flask import Response, request

from app.config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    )
)
# The last three are what a browser tells about itself with every request: nobody here reads it, and over
# a phone's line it would be a tenth of what a check-in sends.
PERMISSIONS_POLICY = (
    "geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "camera=(), microphone=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=(), "
    "ch-ua=(), ch-ua-mobile=(), ch-ua-platform=()"
)
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"  # what is no page, opened as one
SERVICE_WORKER = "pwa.service_worker"
TWO_YEARS = 60 * 60 * 24 * 730


def protect(response: Response, settings: Settings) -> Response:
    """Add the security and caching headers; what a view set itself is left alone.

    Only a document and the service worker obey the long policies, so only they carry them: on the
    dozens of small modules and answers of a first visit they would weigh more than what is said.
    Everything else says that nothing of it may run and that no page may frame it.
    """
    headers = response.headers
    if response.mimetype == "text/html" or request.endpoint == SERVICE_WORKER:
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    else:
        headers.setdefault("Content-Security-Policy", NOTHING_RUNS)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if settings.has_https:
        headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
    if request.endpoint != "static" or response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store")  # pages are about people, of errors too
    return response


def is_same_origin(public_url: str) -> bool:
    """Did this request come from our own pages? For replays that outlive any form token.

    A browser says so in Sec-Fetch-Site and Origin, which no script can set; a client that sends
    neither is no browser and so carries nobody's cookies by accident.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin in {public_url, request.host_url.rstrip("/")}
