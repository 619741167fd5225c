"""What accounts keep of people, and why none of it has a holder.

It is about the clinics' own people and ours: they are members or were, and stay while
they are. Callers are in no row here but in answers of the API, for a day.
"""

from collections.abc import Iterable
from typing import Final

from sondervoice.kernel.purposes import Basis, Held, Purpose, Subject, Use

_ACCOUNT: Final = "Until the account is closed"


def _held(
    name: str,
    title: str,
    *,
    purpose: Purpose,
    basis: Basis,
    kept: str,
    columns: Iterable[str],
    of: Subject = Subject.STAFF,
    sent_to: tuple[str, ...] = (),
) -> Held:
    use = Use(
        title=title, of=of, purpose=purpose, basis=basis, kept=kept, sent_to=sent_to
    )
    return Held(name=name, use=use, columns=frozenset(columns))


HELD: Final = (
    _held(
        "accounts.people",
        "Name, mail address and hash of the password",
        sent_to=("mail",),
        purpose=Purpose.ACCOUNTS,
        basis=Basis.CONTRACT,
        kept=_ACCOUNT,
        columns=(
            "accounts.User.email",
            "accounts.User.full_name",
            "accounts.User.password",
        ),
    ),
    _held(
        "accounts.factors",
        "Authenticator apps, passkeys and codes for recovery",
        purpose=Purpose.SECURITY,
        basis=Basis.INTEREST,
        kept=f"{_ACCOUNT}, or until it is removed",
        columns=(
            "second_factor.AuthenticatorApp.name",
            "second_factor.AuthenticatorApp.key",
            "second_factor.RecoveryCodes.name",
            "second_factor.RecoveryCodes.hashes",
            *(
                f"django_otp_webauthn.WebAuthnCredential.{field}"
                for field in (
                    "name",
                    "credential_id",
                    "credential_id_sha256",
                    "public_key",
                    "credential_type",
                    "transports",
                    "aaguid",
                )
            ),
        ),
    ),
    _held(
        "accounts.identities",
        "Accounts elsewhere by which a person comes in",
        purpose=Purpose.ACCOUNTS,
        basis=Basis.CONTRACT,
        kept=f"{_ACCOUNT}, or until it is disconnected",
        columns=(
            "sso.SocialIdentity.issuer",
            "sso.SocialIdentity.subject",
            "sso.DirectoryIdentity.issuer",
            "sso.DirectoryIdentity.subject",
            "sso.SamlRequest.sealed_claims",
        ),
    ),
    _held(
        "accounts.sessions",
        "Sign-ins, with browser, network address and place",
        purpose=Purpose.SECURITY,
        basis=Basis.INTEREST,
        kept="30 days after the end",
        columns=(
            "account_sessions.LoginSession.device",
            "account_sessions.LoginSession.address",
            "account_sessions.LoginSession.place",
            "account_sessions.LoginSession.key_sha256",
            "account_sessions.LoginSession.end_reason",
            "sessions.Session.session_key",
            "sessions.Session.session_data",
        ),
    ),
    _held(
        "accounts.programs",
        "Programs that signed in as a person, with network address",
        purpose=Purpose.SECURITY,
        basis=Basis.INTEREST,
        kept="30 days after the end",
        columns=(
            "machines.TokenFamily.address",
            "machines.TokenFamily.agent",
            "machines.TokenFamily.refresh_sha256",
            "machines.TokenFamily.end_reason",
        ),
    ),
    _held(
        "accounts.counts",
        "How often something was tried, by a hash of who tried",
        purpose=Purpose.SECURITY,
        basis=Basis.INTEREST,
        kept="A day or two",
        columns=(
            "machines.Tally.name",
            "guessing.TryCounter.kind",
            "guessing.TryCounter.key_hmac",
        ),
    ),
    _held(
        "accounts.sign_ups",
        "Sign-ups that nobody has confirmed",
        sent_to=("mail",),
        purpose=Purpose.ACCOUNTS,
        basis=Basis.CONTRACT,
        kept="Until the link is used or too old",
        columns=(
            f"joining.SignUp.{field}"
            for field in (
                "email",
                "full_name",
                "password",
                "clinic_name",
                "timezone",
                "country",
                "jurisdiction",
                "region",
            )
        ),
    ),
    _held(
        "accounts.invitations",
        "Mail addresses of people whom a clinic invited",
        sent_to=("mail",),
        purpose=Purpose.SETTINGS,
        basis=Basis.INTEREST,
        kept="30 days after the invitation is over",
        columns=("joining.Invitation.email",),
    ),
    _held(
        "accounts.clinics",
        "A clinic’s name, which may be a person’s",  # noqa: RUF001
        purpose=Purpose.ACCOUNTS,
        basis=Basis.CONTRACT,
        kept="Until the clinic’s data are erased",  # noqa: RUF001
        columns=("accounts.Organization.name", "accounts.Organization.slug"),
    ),
    _held(
        "accounts.answers",
        "Answers of the API, kept to be given again when a program asks twice",
        of=Subject.CALLERS,
        purpose=Purpose.RUNNING,
        basis=Basis.SERVICE,
        kept="A day",
        columns=("machines.StoredAnswer.answer_sealed",),
    ),
    _held(
        "accounts.operators",
        "Which of our own people looked at or changed something, and why",
        of=Subject.OPERATORS,
        purpose=Purpose.SECURITY,
        basis=Basis.LEGAL_DUTY,
        kept="As long as the record of operators, also once their account is erased",
        columns=(
            "operators.OperatorSession.operator_name",
            "operators.OperatorSession.reason",
            "operators.OperatorSession.ticket",
            "operators.OperatorSession.approver_name",
            "operators.OperatorGrant.reason",
            "operators.OperatorAct.reason",
            "operators.OperatorAct.asker_name",
            "operators.OperatorAct.approver_name",
            "operators.LeavingStep.reason",
        ),
    ),
)

_WORD: Final = "a word of our own list"
_RANDOM: Final = "hash of something random, or part of it"
_OWN: Final = "the clinic's own words about its set-up"
WITHOUT_HOLDER: Final = {
    "accounts.CustomRole.name": _OWN,
    "accounts.CustomRole.permissions": _WORD,
    "accounts.Membership.role": _WORD,
    "accounts.ApiKey.name": _OWN,
    "accounts.ApiKey.prefix": _RANDOM,
    "accounts.ApiKey.secret_sha256": _RANDOM,
    "accounts.ApiKey.scopes": _WORD,
    "machines.ApiKeyRule.networks": _OWN,
    "machines.StoredAnswer.key_sha256": _RANDOM,
    "machines.StoredAnswer.request_sha256": "hash, gone after a day with its answer",
    "joining.Invitation.role": _WORD,
    "sso.SsoConnection.kind": _WORD,
    "sso.SsoConnection.preset": _WORD,
    "sso.SsoConnection.label": _OWN,
    "sso.SsoConnection.issuer": _OWN,
    "sso.SsoConnection.client_id": _OWN,
    "sso.SsoConnection.sealed_secret": _OWN,
    "sso.SsoConnection.sso_url": _OWN,
    "sso.SsoConnection.certificates": _OWN,
    "sso.SsoConnection.groups_claim": _OWN,
    "sso.SsoConnection.role_map": _OWN,
    "sso.SsoConnection.limits_by_group": _OWN,
    "sso.SsoConnection.default_role": _WORD,
    "sso.SsoConnection.status": _WORD,
    "sso.SsoDomain.domain": _OWN,
    "sso.SsoDomain.token": _RANDOM,
    "sso.SamlRequest.assertion_sha256": _RANDOM,
}
