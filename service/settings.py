"""Settings of the service, read from the environment once.

The table in the documentation is derived from the dataclass: name, default, help.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from desk.people.holder import SCOPES, Scope
from search.errors import DatelineError
from search.text.numbers import whole_number
from service.proxies import Proxies, is_loopback, proxies
from service.wording.messages import AUTO, languages

PREFIX = "DATELINE_"
_MB = 1024 * 1024

T = TypeVar("T")


class BadSetting(DatelineError):
    """A setting in the environment is not valid."""


def _setting(default: T, text: str, least: int = 1) -> T:
    chosen: T = field(default=default, metadata={"help": text, "least": least})
    return chosen


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings; each field is set by the variable `DATELINE_` and its name in capitals."""

    index: str = _setting("", "The index to serve, unless the command names one.")
    desk: str = _setting(
        "",
        "Where what people decide is stored: `postgresql://user:password@host/database`, which several machines can "
        "share, or a directory. By default in the directory of the index; of an index in a cluster in "
        "`~/.local/share/dateline`.",
    )
    site_name: str = _setting("Dateline", "The name at the top of the page.")
    demo: bool = _setting(False, "Say on the first page how to index a folder of one's own, as `make demo` does.")
    language: str = _setting(
        "auto",
        "The language of the pages: `en`, `de`, or `auto`, that of the browser among these, else English. The "
        "API and the logs are English.",
    )
    meaning: str = _setting(
        "",
        "The file of a model of meaning, which orders results too, where articles were indexed with it: `meaning.md`.",
    )
    threads: int = _setting(8, "Threads of each worker process.")
    kernel_cache: str = _setting(
        "", "Where compiled kernels are cached; by default next to the program or in the home directory."
    )
    timeout_s: int = _setting(30, "Seconds after which a worker that does not respond is replaced.")
    snapshots: str = _setting(
        "",
        "The folder in which administrators make snapshots from the page and over the API; without it they make none.",
    )
    require_key: bool = _setting(False, "Require a key of scope `read` for reading; writing always needs a key.")
    public_url: str = _setting(
        "",
        "The public URL of the service, if it is behind a proxy: `https://news.example.org/archive`. Used in feeds; "
        "its host is accepted, and links begin with its path.",
    )
    crawlers: bool = _setting(
        False,
        "Let search engines read articles: `/robots.txt` admits them, and `/sitemap.xml` lists all. Otherwise it asks "
        "them to stay away.",
    )
    replay: str = _setting(
        "",
        "Where a web archive shows an article as it was: `https://web.archive.org/web/{timestamp}/{url}`. Articles "
        "with an address link to it; `{timestamp}` is the time of publication in 14 digits.",
    )
    hosts: str = _setting(
        "",
        "Host names that the service accepts, comma-separated, besides `localhost` and that of "
        "`DATELINE_PUBLIC_URL`: `news.example.org,10.0.0.7`; `*` accepts any.",
    )
    cors_origins: str = _setting(
        "",
        "Origins whose pages may read the API, comma-separated, or `*`; by default none: `https://desk.example.org`.",
    )
    max_body_mb: int = _setting(32, "Maximum size of a request body in megabytes.")
    spool_mb: int = _setting(1024, "Megabytes of articles that may wait to be indexed; beyond that, posts get a 503.")
    index_workers: int = _setting(1, "Processes that read and enrich posted articles.")
    copies_hours: int = _setting(96, "Maximum hours between the publication of near-duplicates.", 0)
    time_budget_ms: int = _setting(
        10_000, "Milliseconds that the queries of one request may take; `incomplete` names the omitted parts."
    )
    offers_ms: int = _setting(
        300,
        "Milliseconds of CPU time for all suggestions in addition to the results: other spellings, names, and "
        "alternatives to an empty result.",
    )
    cursor_minutes: int = _setting(15, "Minutes for which a cursor stays valid after each page of its list.")
    anonymous_rate: int = _setting(
        0,
        "Requests per minute from one address without a key; 0 is 600 from other machines, unlimited from this one.",
        0,
    )
    key_rate: int = _setting(0, "Requests per minute with one key; 0 is unlimited.", 0)
    anonymous_export: int = _setting(0, "Articles in one export without a key; 0 is unlimited.", 0)
    citation_secret: str = _setting(
        "",
        "Signs the addresses of citations that are not stored; each index has a secret of its own besides.",
    )
    smtp_host: str = _setting("", "The server that alerts are mailed through; without it none are.")
    smtp_port: int = _setting(587, "Its port.")
    smtp_tls: str = _setting(
        "starttls", "`starttls`, `tls` from the first byte (usually port 465), or `none`, for a server on this machine."
    )
    smtp_user: str = _setting("", "The user at this server, if it wants one.")
    smtp_password: str = _setting("", "The password of this user.")
    smtp_from: str = _setting("", "The address that alerts are from: `archive@news.example.org`.")
    alert_urls: str = _setting(
        "",
        "Addresses that alerts may be posted to, comma-separated; one that ends with `/` permits all below it: "
        "`https://hooks.example.org/archive/`. By default none.",
    )
    alert_secret: str = _setting("", "Signs what is posted: `whsec_` and 24 to 64 bytes in Base64.")
    proxies: str = _setting(
        "0",
        "Your proxies in front of the service, whose `X-Forwarded-For` is trusted: their number, or their addresses, "
        "comma-separated: `10.0.0.7,10.1.0.0/16`.",
    )
    user_header: str = _setting(
        "",
        "The header in which your proxy names who has signed in there: `Remote-User`; believed from the addresses in "
        "`DATELINE_PROXIES` only.",
    )
    groups_header: str = _setting("", "The header in which it names their groups, comma-separated.")
    oidc_issuer: str = _setting(
        "",
        "Where people sign in by OpenID Connect, as the provider names itself: `https://sso.example.org/realms/news`.",
    )
    oidc_client_id: str = _setting("", "The name under which this service is registered there.")
    oidc_client_secret: str = _setting("", "Its secret; none for a public client.")
    oidc_client_secret_file: str = _setting("", "The file with its secret, instead.")
    oidc_scopes: str = _setting("openid profile email", "What the provider is asked for.")
    oidc_name_claim: str = _setting(
        "preferred_username", "The claim that names a person: one that is unique there and that nobody chooses himself."
    )
    oidc_groups_claim: str = _setting("groups", "The claim with a person's groups; `a.b` is `b` in `a`.")
    session_hours: int = _setting(336, "Hours after which those who have signed in have to sign in again.")
    group_scopes: str = _setting(
        "",
        "What people who sign in by OpenID Connect may do besides reading, by their groups: `desk=edit,chiefs=admin`.",
    )
    log_requests: bool = _setting(False, "Log each request, with its URL and its sender.")

    @property
    def max_body_bytes(self) -> int:
        """The maximum size of a body in bytes."""
        return self.max_body_mb * _MB

    @property
    def oidc_secret(self) -> str | None:
        """The secret of this service at the provider; None if it has none. Raises OSError."""
        if self.oidc_client_secret_file:
            return Path(self.oidc_client_secret_file).read_text("utf-8").strip() or None
        return self.oidc_client_secret or None

    @property
    def session_s(self) -> int:
        """How long a session lasts, in seconds."""
        return 3600 * self.session_hours

    def scopes_of(self, groups: Collection[str]) -> tuple[Scope, ...]:
        """What somebody in some groups may do. Raises ValueError if the setting is not valid."""
        written = [one.strip() for one in self.group_scopes.split(",") if one.strip()]
        pairs = [one.rpartition("=") for one in written]
        for one, (name, _, scope) in zip(written, pairs, strict=True):
            if not name.strip() or scope.strip() not in SCOPES:
                raise ValueError(f"“{one}” is not GROUP=SCOPE. SCOPE is one of: {', '.join(SCOPES)}.")
        given = {scope.strip() for name, _, scope in pairs if name.strip() in groups}
        return tuple(scope for scope in SCOPES if scope in given) or ("read",)

    @property
    def in_front(self) -> Proxies:
        """The proxies in front of the service."""
        return proxies(self.proxies)

    @property
    def spool_bytes(self) -> int:
        """The maximum of bytes that may wait."""
        return self.spool_mb * _MB

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins whose pages may read the API."""
        return tuple(origin.strip().rstrip("/") for origin in self.cors_origins.split(",") if origin.strip())

    def base(self, prefix: str) -> str:
        """The part of a URL before the path: the public URL, or else the prefix of the request."""
        return self.public_url.rstrip("/") or prefix


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment. Raises BadSetting if one is not valid."""
    values: dict[str, object] = {}
    for entry in fields(Settings):
        name = PREFIX + entry.name.upper()
        if not (text := environment.get(name, "").strip()):
            continue
        if isinstance(entry.default, bool):
            if text.lower() not in ("true", "false"):
                raise BadSetting(f"{name} is “{text}”. It must be true or false.")
            values[entry.name] = text.lower() == "true"
        elif isinstance(entry.default, int):
            least = int(entry.metadata["least"])
            number = whole_number(text)
            if number is None or number < least:
                raise BadSetting(f"{name} is “{text}”. It must be a whole number, {least} or more.")
            values[entry.name] = number
        else:
            values[entry.name] = text
    if (language := values.get("language", AUTO)) not in (AUTO, *languages()):
        raise BadSetting(f"{PREFIX}LANGUAGE is “{language}”. It is {AUTO} or one of: {', '.join(languages())}.")
    made = Settings(**values)  # type: ignore[arg-type]
    try:
        addresses = made.in_front.networks
    except ValueError as wrong:
        raise BadSetting(f"{PREFIX}PROXIES is “{made.proxies}”. It is a number, or addresses: {wrong}.") from None
    try:
        made.scopes_of(())
    except ValueError as wrong:
        raise BadSetting(f"{PREFIX}GROUP_SCOPES: {wrong}") from None
    _check_provider(made)
    if (made.user_header or made.groups_header) and not addresses:
        raise BadSetting(
            f"{PREFIX}USER_HEADER is believed from listed addresses only. Set {PREFIX}PROXIES to those of your proxies."
        )
    return made


def _check_provider(made: Settings) -> None:
    """Raises BadSetting if it is not said well where people sign in by OpenID Connect."""
    if not made.oidc_issuer:
        return
    name = f"{PREFIX}OIDC_ISSUER is “{made.oidc_issuer}”"
    if not is_confidential(made.oidc_issuer):
        raise BadSetting(f"{name}. It is an address that begins with https://, or is on this machine.")
    if not made.oidc_client_id:
        raise BadSetting(f"{name}, and {PREFIX}OIDC_CLIENT_ID is missing: how this service is registered there.")
    if "openid" not in made.oidc_scopes.split():
        raise BadSetting(f"{PREFIX}OIDC_SCOPES is “{made.oidc_scopes}”. openid must be among them.")
    try:
        _ = made.oidc_secret
    except OSError as problem:
        raise BadSetting(
            f"{PREFIX}OIDC_CLIENT_SECRET_FILE is “{made.oidc_client_secret_file}”: {problem.strerror}."
        ) from None


def is_confidential(address: str) -> bool:
    """True if nobody between hears what is sent to an address: over HTTPS, or on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
