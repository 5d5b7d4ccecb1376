"""A finger on a sensor: the authenticator of a browser, which agrees whenever it is asked."""

from playwright.sync_api import Page

OFFERS_NOTHING_IN_FIELDS = """
if (globalThis.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
"""


class Finger:
    """A virtual authenticator that keeps passkeys.

    What the browser offers in the username field is taken as soon as the page stands. A journey in
    which somebody presses a button instead has a browser that offers nothing there
    (`in_field=False`); else the two would race.
    """

    def __init__(self, page: Page, *, in_field: bool = True) -> None:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        if not in_field:
            page.add_init_script(OFFERS_NOTHING_IN_FIELDS)
