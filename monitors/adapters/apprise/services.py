"""What Apprise reaches, and the one way in which its services are made here."""

from functools import cache

from apprise import Apprise, AppriseAsset, NotifyBase
from apprise.manager_plugins import NotificationManager

from monitors.adapters.apprise.overheard import overhearing
from monitors.rules.addressing import HOW, Trouble, scheme_of, unknown_scheme

_APP = "Newsbell"


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
    if opened(address):
        return None
    services, scheme = NotificationManager(), scheme_of(address) or ""
    known = set(services.schemas(include_disabled=True))
    if scheme not in known:
        return unknown_scheme(scheme, services.schemas(include_disabled=False))
    if scheme not in services.schemas(include_disabled=False):
        return f"{scheme}:// needs a library that Newsbell does not bring along", HOW
    name = services[scheme].service_name
    hint = f"See how it is written: https://appriseit.com/services/ ({name})."
    return f"Apprise cannot read this address of {name}", hint
