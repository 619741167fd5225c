"""What becomes of rows about a clinic's people and ways in when its account closes."""

from sondervoice.kernel.clinic_rows import Leaves, rows_leave, rows_stay


def state() -> None:
    """Say it of every model of accounts and of what stands in it."""
    rows_leave(
        Leaves.WITH_THE_DOORS,
        "accounts.ApiKey",
        "machines.ApiKeyRule",
        "machines.StoredAnswer",
        "machines.TokenFamily",
        "joining.Invitation",
        "sso.SsoConnection",
        "sso.SsoDomain",
        "sso.DirectoryIdentity",
        "sso.SamlRequest",
        # The record tells of each look; these rows only let one in.
        "operators.OperatorSession",
        "operators.ClinicHelp",
    )
    rows_leave(
        Leaves.WITH_THE_PEOPLE,
        "accounts.Membership",
        "accounts.CustomRole",
        "accounts.ObjectGrant",
    )
    rows_stay(
        {
            "operators.OperatorAct": "what two of our own people did: who, and why",
        }
    )
