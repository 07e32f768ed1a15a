"""What Apprise reaches, and the one way in which its services are made here."""

from functools import cache

from apprise import Apprise, AppriseAsset, NotifyBase
from apprise.manager_plugins import NotificationManager

from monitors.adapters.apprise.overheard import overhearing
from monitors.rules.places.addressing import HOW, Trouble, scheme_of, unknown_scheme

_APP = "Newsbell"

_WEB = ("http", "https")
_SEE = "see https://appriseit.com/services/ for how it is written"


@cache
def _asset() -> AppriseAsset:
    """Answer how services are made: they keep no files, fetch no pictures, follow no redirects.

    A redirected message would become a question without it, and count as delivered.
    """
    return AppriseAsset(
        app_id=_APP,
        app_desc=_APP,
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        interpret_emojis=False,
        pgp_autogen=False,
        pem_autogen=False,
        secure_logging=True,
    )


def opened(address: str) -> NotifyBase | None:
    """Answer the service at *address*, with nothing sent yet; None if Apprise cannot use it."""
    with overhearing():
        made = Apprise.instantiate(address, asset=_asset())
    return made if isinstance(made, NotifyBase) else None


def trouble(address: str) -> Trouble | None:
    """Answer why Apprise can send nothing to *address*, and how to mend that; None if it can."""
    services, scheme = NotificationManager(), scheme_of(address) or ""
    service = opened(address)
    if service and scheme in _WEB:
        # Everywhere else, a web address may be shown.
        name = service.service_name
        return f"this web address of {name} holds a secret", (
            f"Write it as in {service.url(privacy=True).partition(':')[0]}://; {_SEE} ({name})."
        )
    if service:
        return None
    known = set(services.schemas(include_disabled=True))
    if scheme not in known:
        return unknown_scheme(scheme, services.schemas(include_disabled=False))
    if scheme not in services.schemas(include_disabled=False):
        return f"{scheme}:// needs a library that Newsbell does not bring along", HOW
    name = services[scheme].service_name
    return f"Apprise cannot read this address of {name}", f"{_SEE[0].upper()}{_SEE[1:]} ({name})."
