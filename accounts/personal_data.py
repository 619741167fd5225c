"""Why no field of accounts has a holder: it is about the clinic's own people.

They are members or were, and stay while the clinic does; callers are in no row here.
"""

from typing import Final

_WORD: Final = "a word of our own list"
_RANDOM: Final = "hash of something random, or part of it"
_OWN: Final = "the clinic's own words about its set-up"
_STAFF: Final = "about the clinic's own people, whom no clock of calls concerns"
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
    "machines.StoredAnswer.answer_sealed": "sealed, and gone after a day",
    "joining.Invitation.email": _STAFF,
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
    "sso.SsoConnection.default_role": _WORD,
    "sso.SsoConnection.status": _WORD,
    "sso.SsoDomain.domain": _OWN,
    "sso.SsoDomain.token": _RANDOM,
    "sso.DirectoryIdentity.issuer": _OWN,
    "sso.DirectoryIdentity.subject": _STAFF,
    "sso.SamlRequest.assertion_sha256": _RANDOM,
    "sso.SamlRequest.sealed_claims": _STAFF,
    "operators.OperatorSession.operator_name": "about our own people",
    "operators.OperatorSession.reason": "about our own people",
    "operators.OperatorSession.ticket": "about our own people",
    "operators.OperatorSession.approver_name": "about our own people",
}
