"""A finger on a sensor: the authenticator of a browser, which agrees or does not."""

from playwright.sync_api import Page


class Finger:
    """A virtual authenticator that keeps passkeys, and agrees while the finger lies on it."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._authenticator = made["authenticatorId"]

    def touches(self) -> None:
        self._lies_on(True)

    def lifts(self) -> None:
        self._lies_on(False)

    def _lies_on(self, on: bool) -> None:
        self._devtools.send(
            "WebAuthn.setAutomaticPresenceSimulation",
            {"authenticatorId": self._authenticator, "enabled": on},
        )
