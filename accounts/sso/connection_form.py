"""The form of a clinic's directory: shape here, rules in the service."""

from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django import forms

from accounts.sso.errors import SsoRefusedError
from accounts.sso.fetch import check_address
from accounts.sso.models import GIVEN_ROLES, SsoConnection
from accounts.sso.presets import PRESETS
from accounts.sso.services.set_up_connection import Wanted

_ROLES: Final = {value for value, _word in GIVEN_ROLES}
_NO_ADDRESS: Final = "Write the whole address, beginning with https://."


class ConnectionForm(forms.Form):
    """What a clinic says of its directory."""

    kind = forms.ChoiceField(choices=SsoConnection.Kind.choices)
    preset = forms.ChoiceField(choices=[(one, one) for one in PRESETS])
    label = forms.CharField(max_length=60)
    issuer = forms.CharField(max_length=500)
    client_id = forms.CharField(max_length=300, required=False)
    client_secret = forms.CharField(max_length=500, required=False, strip=True)
    sso_url = forms.CharField(max_length=500, required=False)
    certificates = forms.CharField(max_length=20_000, required=False)
    groups_claim = forms.CharField(max_length=200, required=False)
    role_lines = forms.CharField(max_length=5_000, required=False)
    default_role = forms.ChoiceField(
        choices=[("", "No role"), *GIVEN_ROLES], required=False
    )
    trusts_second_factor = forms.BooleanField(required=False)

    def __init__(self, *args: Any, has_secret: bool = False, **kwargs: Any) -> None:
        """Know whether a secret is kept already, which may then stay."""
        super().__init__(*args, **kwargs)
        self._has_secret = has_secret
        for name, field in self.fields.items():
            field.error_messages["required"] = _missing(name)

    def clean_certificates(self) -> tuple[str, ...]:
        """Return the certificates, each as PEM of its own.

        Raises:
            ValidationError: If one cannot be read, or there are more than three.
        """
        written = self.cleaned_data["certificates"].strip()
        if not written:
            return ()
        if "BEGIN" not in written:
            written = (
                f"-----BEGIN CERTIFICATE-----\n{written}\n-----END CERTIFICATE-----"
            )
        try:
            read = x509.load_pem_x509_certificates(written.encode())
        except ValueError:
            raise forms.ValidationError(
                "This is no certificate. Copy all of it, with its first and last line."
            ) from None
        if len(read) > 3:
            raise forms.ValidationError("Three certificates at most.")
        return tuple(one.public_bytes(Encoding.PEM).decode() for one in read)

    def clean_role_lines(self) -> tuple[tuple[str, str], ...]:
        """Return the lines of group and role.

        Raises:
            ValidationError: If a line is no pair, or names no role that can be given.
        """
        found = []
        for line in self.cleaned_data["role_lines"].splitlines():
            group, mark, role = (part.strip() for part in line.rpartition("="))
            if not line.strip():
                continue
            if not (mark and group) or role not in _ROLES:
                raise forms.ValidationError(
                    "Write each line as: group = role. The roles are "
                    f"{', '.join(sorted(_ROLES))}."
                )
            found.append((group, role))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """Return all of it; each kind needs fields of its own."""
        said = super().clean() or {}
        if said.get("kind") == SsoConnection.Kind.OIDC:
            self._need_address("issuer")
            self._need("client_id")
            if not self._has_secret:
                self._need("client_secret")
        else:
            self._need_address("sso_url")
            self._need("certificates")
        return said

    def wanted(self) -> Wanted:
        """Return what the service takes; the other kind's fields are left out."""
        said = dict(self.cleaned_data)
        said["role_map"] = said.pop("role_lines")
        said["groups_claim"] = said["groups_claim"] or "groups"
        is_oidc = said["kind"] == SsoConnection.Kind.OIDC
        empty = {"sso_url": "", "certificates": ()} if is_oidc else {}
        if not is_oidc:
            empty = {"client_id": "", "client_secret": ""}
        return Wanted(**said | empty)

    def _need(self, name: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, _missing(name))

    def _need_address(self, name: str) -> None:
        try:
            check_address(str(self.cleaned_data.get(name, "")))
        except SsoRefusedError:
            self.add_error(name, _NO_ADDRESS)


def _missing(name: str) -> str:
    words = {"client_id": "client ID", "sso_url": "SSO URL", "label": "name"}
    return f"Write the {words.get(name, name.replace('_', ' '))}."


def begin_with(row: SsoConnection | None, *, preset: str, kind: str) -> dict[str, Any]:
    """Return what the form shows first: what is kept, else what the preset says."""
    if row is None:
        shape = PRESETS[preset]
        return {
            "preset": preset,
            "kind": kind or shape.kind,
            "label": "" if preset == "other" else shape.word,
            "groups_claim": shape.groups_claim,
        }
    return {
        "preset": row.preset,
        "kind": row.kind,
        "label": row.label,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "sso_url": row.sso_url,
        "certificates": "\n".join(row.certificates),
        "groups_claim": row.groups_claim,
        "role_lines": "\n".join(f"{group} = {role}" for group, role in row.role_map),
        "default_role": row.default_role,
        "trusts_second_factor": row.trusts_second_factor,
    }
