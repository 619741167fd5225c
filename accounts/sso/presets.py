"""What to copy where, for the directories that most clinics have."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How one kind of directory wants to be set up.

    Attributes:
        word: As it calls itself.
        kind: Which of the two it does better.
        issuer_hint: What its issuer or entity id looks like.
        groups_claim: Where its answer names groups.
        steps: What to do over there, in order.
    """

    word: str
    kind: str
    issuer_hint: str
    groups_claim: str
    steps: tuple[str, ...]


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "okta": Preset(
            word="Okta",
            kind="oidc",
            issuer_hint="https://your-clinic.okta.com",
            groups_claim="groups",
            steps=(
                "In the Okta admin console: Applications, Create App Integration, "
                "OIDC, Web Application.",
                "Sign-in redirect URI: the address shown here.",
                "Copy client ID and client secret here. Your Okta domain is the "
                "issuer.",
                "For roles by group: Sign On, OpenID Connect ID Token, add the groups "
                "claim with the name groups.",
            ),
        ),
        "entra": Preset(
            word="Microsoft Entra ID",
            kind="oidc",
            issuer_hint="https://login.microsoftonline.com/<directory id>/v2.0",
            groups_claim="groups",
            steps=(
                "In the Entra admin center: App registrations, New registration, this "
                "directory only, platform Web.",
                "Redirect URI: the address shown here.",
                "Copy application (client) ID here, and the value of a new client "
                "secret.",
                "Token configuration, for the ID token: add the optional claims email "
                "and xms_edov. Without xms_edov Entra does not say that an address is "
                "verified, and nobody gets in.",
                "For roles by group: add the groups claim; a group is named by its "
                "object id.",
            ),
        ),
        "google": Preset(
            word="Google Workspace",
            kind="saml",
            issuer_hint="https://accounts.google.com/o/saml2?idpid=…",
            groups_claim="groups",
            steps=(
                "In the Google admin console: Apps, Web and mobile apps, Add custom "
                "SAML app.",
                "Copy SSO URL, entity ID and certificate from there to here.",
                "ACS URL and entity ID: the two addresses shown here.",
                "Attributes: primary email as email. Group membership as groups.",
            ),
        ),
        "other": Preset(
            word="Another directory",
            kind="oidc",
            issuer_hint="https://sign-in.your-clinic.example",
            groups_claim="groups",
            steps=(
                "OpenID Connect: code flow with PKCE; the ID token must say "
                "email_verified.",
                "SAML: the assertion itself is signed, SHA-256; an attribute email.",
            ),
        ),
    }
)
