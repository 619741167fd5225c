"""Who erases what stands in rows of no clinic: people's own accounts, and our machines.

Rows of a clinic have holders (`sondervoice.kernel.personal_data`). Here each field is
named with the function after which nothing of the person is in it, or with why none is
needed.
"""

from collections.abc import Mapping
from typing import Final

_ACCOUNT: Final = "compliance.asking.services.erase_account.erase_account"
_ASKINGS: Final = "compliance.asking.services.clear_askings.clear_askings"
_REQUESTS: Final = "compliance.asking.services.watch_privacy.clear_privacy"
_SESSIONS: Final = "accounts.sessions.services.clear_sessions.clear_sessions"
_SIGN_UPS: Final = "accounts.joining.services.clear_sign_ups.clear_sign_ups"
_TOKENS: Final = "accounts.machines.services.clear_machines.clear_families"
_COUNTS: Final = "accounts.machines.services.clear_machines.clear_counts"
_TRIES: Final = "accounts.guessing.services.clear_old_tries.clear_old_tries"
_JOBS: Final = "sondervoice.kernel.clear_jobs.clear_done_jobs"
_CLINIC: Final = "compliance.closing.services.rename.rename_to_nobody"

ERASED_BY: Final[Mapping[str, str]] = {
    "accounts.User.email": _ACCOUNT,
    "accounts.User.full_name": _ACCOUNT,
    "accounts.User.password": _ACCOUNT,
    "second_factor.AuthenticatorApp.name": _ACCOUNT,
    "second_factor.AuthenticatorApp.key": _ACCOUNT,
    "second_factor.RecoveryCodes.name": _ACCOUNT,
    "second_factor.RecoveryCodes.hashes": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.name": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.credential_id": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.credential_id_sha256": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.public_key": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.credential_type": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.transports": _ACCOUNT,
    "django_otp_webauthn.WebAuthnCredential.aaguid": _ACCOUNT,
    "sso.SocialIdentity.issuer": _ACCOUNT,
    "sso.SocialIdentity.subject": _ACCOUNT,
    # Emptied with the account; the rows go a month after the end in any case.
    "account_sessions.LoginSession.device": _SESSIONS,
    "account_sessions.LoginSession.address": _SESSIONS,
    "account_sessions.LoginSession.place": _SESSIONS,
    "account_sessions.LoginSession.key_sha256": _SESSIONS,
    "account_sessions.LoginSession.end_reason": _SESSIONS,
    "sessions.Session.session_key": _SESSIONS,
    "sessions.Session.session_data": _SESSIONS,
    "machines.TokenFamily.address": _TOKENS,
    "machines.TokenFamily.agent": _TOKENS,
    "machines.TokenFamily.refresh_sha256": _TOKENS,
    "machines.TokenFamily.end_reason": _TOKENS,
    "machines.Tally.name": _COUNTS,
    "guessing.TryCounter.kind": _TRIES,
    "guessing.TryCounter.key_hmac": _TRIES,
    "joining.SignUp.email": _SIGN_UPS,
    "joining.SignUp.full_name": _SIGN_UPS,
    "joining.SignUp.password": _SIGN_UPS,
    "joining.SignUp.clinic_name": _SIGN_UPS,
    "joining.SignUp.timezone": _SIGN_UPS,
    "joining.SignUp.country": _SIGN_UPS,
    "joining.SignUp.jurisdiction": _SIGN_UPS,
    "joining.SignUp.region": _SIGN_UPS,
    "asking.Asking.kind": _ASKINGS,
    "asking.Asking.language": _ASKINGS,
    "asking.Asking.phone_sealed": _ASKINGS,
    "asking.Asking.email_sealed": _ASKINGS,
    "asking.Asking.words_sealed": _ASKINGS,
    "asking.Asking.sealed_by": _ASKINGS,
    "asking.AskedClinic.status": _ASKINGS,
    "asking.PrivacyRequest.kind": _REQUESTS,
    "asking.PrivacyRequest.status": _REQUESTS,
    "asking.PrivacyRequest.words_sealed": _REQUESTS,
    "asking.PrivacyRequest.sealed_by": _REQUESTS,
    "asking.PrivacyRequest.put_off_sealed": _REQUESTS,
    "asking.PrivacyRequest.answer_sealed": _REQUESTS,
    "kernel.OutboxJob.ids": _JOBS,
    "kernel.OutboxJob.task": _JOBS,
    "kernel.OutboxJob.failure_code": _JOBS,
    "kernel.OutboxJob.purpose": _JOBS,
    "accounts.Organization.name": _CLINIC,
    "accounts.Organization.slug": _CLINIC,
}
_PLACE: Final = "of a business: where it is, in words of our own lists"
OURS: Final = "about our own people, whom the record of operators must name"
RECORD: Final = "ids, counts and words of our own lists; kept for six years"
OF_NOBODY: Final[Mapping[str, str]] = {
    "accounts.Agency.name": "the name of a business",
    "accounts.ObjectGrant.object_pk": "an id",
    "accounts.Organization.timezone": _PLACE,
    "accounts.Organization.country": _PLACE,
    "accounts.Organization.jurisdiction": _PLACE,
    "accounts.Organization.region": _PLACE,
    "accounts.Organization.plan": "a word of our own list",
    "machines.GatewayToken.kind": "a word of our own list",
    "machines.GatewayToken.secret_sha256": "hash of something random",
    "machines.GatewayToken.fingerprint": "part of a hash of something random",
    "operators.OperatorGrant.reason": OURS,
    "operators.OperatorAct.kind": "a word of our own list",
    "operators.OperatorAct.plan": "a word of our own list",
    "operators.OperatorAct.name": "the name of a business",
    "operators.OperatorAct.reason": OURS,
    "operators.OperatorAct.asker_name": OURS,
    "operators.OperatorAct.approver_name": OURS,
    "operators.LeavingStep.secret": "the name of a setting",
    "operators.LeavingStep.outcome": "a word of our own list",
    "operators.LeavingStep.reason": OURS,
    "compliance.AuditLog.actor_kind": RECORD,
    "compliance.AuditLog.action": RECORD,
    "compliance.AuditLog.subject_kind": RECORD,
    "compliance.AuditLog.fields": RECORD,
    "compliance.AuditLog.facts": RECORD,
    "compliance.Verification.kinds": "counts by words of our own list",
}
