"""What a bucket must hold to, as documents of AWS (pure).

Source:
    Amazon S3 user guide, "Bucket policy examples" and IAM user guide, "Global condition
    keys" (read 2026-11): a condition with Not matches where its key is missing, so one
    without a header is denied too; parts of an upload carry no header of their own and
    are judged by the request that began it. aws:PrincipalAccount is compared with the
    account that owns the bucket. None of it was tried against AWS.
"""

from collections.abc import Sequence
from typing import Any, Final

from sondervoice.settings.buckets import Bucket

# Statements and rules of ours begin so; others that stand beside them are left alone.
OURS: Final = "SonderVoice"
VERSION: Final = "2012-10-17"
# As long as a backup may be kept.
OLDER_DAYS_AT_MOST: Final = 90

Document = dict[str, Any]


def sound_statements(bucket: Bucket) -> list[Document]:
    """Return what is denied to everybody on a bucket of recordings."""
    name, objects = _names(bucket)
    encryption = {"s3:x-amz-server-side-encryption": "aws:kms"}
    statements = [
        _deny("TlsOnly", "s3:*", [name, objects], _no_tls()),
        _deny(
            "EncryptedPutOnly",
            "s3:PutObject",
            [objects],
            {"StringNotEquals": encryption},
        ),
        _deny(
            "OwnAccountOnly",
            "s3:*",
            [name, objects],
            {
                "StringNotEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
    ]
    if bucket.key_arn:
        header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
        other = {"StringNotEqualsIfExists": {header: bucket.key_arn}}
        statements.append(_deny("OneKeyOnly", "s3:PutObject", [objects], other))
    return statements


def anchor_statements(bucket: Bucket, *, keep_days: int) -> list[Document]:
    """Return what is denied to everybody on the bucket of anchors."""
    name, objects = _names(bucket)
    days = "s3:object-lock-remaining-retention-days"
    return [
        _deny("TlsOnly", "s3:*", [name, objects], _no_tls()),
        _deny("NothingDeleted", "s3:DeleteObject", [objects], None),
        _deny("NoVersionDeleted", "s3:DeleteObjectVersion", [objects], None),
        _deny(
            "LongLockOnly",
            "s3:PutObjectRetention",
            [objects],
            {"NumericLessThan": {days: str(keep_days - 1)}},
        ),
    ]


def merged(stands: Sequence[Document], ours: Sequence[Document]) -> list[Document]:
    """Return others' statements as they stand, and ours instead of our earlier ones."""
    kept = [one for one in stands if not str(one.get("Sid", "")).startswith(OURS)]
    return [*kept, *ours]


def stands_among(wanted: Document, stands: Sequence[Document]) -> bool:
    """Return whether a statement is there; a list of one may be written without."""
    return _spread(wanted) in [_spread(one) for one in stands]


def policy(statements: Sequence[Document]) -> Document:
    """Return the whole policy."""
    return {"Version": VERSION, "Statement": list(statements)}


def encryption_by(bucket: Bucket) -> Document:
    """Return how the bucket encrypts by itself; its keys are asked for seldom."""
    rule = {"SSEAlgorithm": "aws:kms"}
    if bucket.key_arn:
        rule["KMSMasterKeyID"] = bucket.key_arn
    return {
        "Rules": [
            {"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": True}
        ]
    }


def lifecycle_rule(older_days: int = 1) -> Document:
    """Return the rule that clears what a broken upload or delete left.

    Args:
        older_days: How long a version stays that somebody else deleted or overwrote.
    """
    return {
        "ID": f"{OURS}-leftovers",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": older_days},
    }


def older_days(rules: Sequence[Document]) -> int:
    """Return for how many days our rule among these keeps older versions; 1 by itself.

    More than the days of a backup are none that may be kept.
    """
    for rule in rules:
        days = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 1)
        if rule.get("ID") == f"{OURS}-leftovers" and days <= OLDER_DAYS_AT_MOST:
            return int(days)
    return 1


def no_public_access() -> Document:
    """Return that nothing in the bucket has an address for everybody."""
    return dict.fromkeys(
        (
            "BlockPublicAcls",
            "IgnorePublicAcls",
            "BlockPublicPolicy",
            "RestrictPublicBuckets",
        ),
        True,
    )


def lock(keep_days: int) -> Document:
    """Return the object lock that an anchor gets even if a writer names none."""
    return {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": keep_days}},
    }


def _names(bucket: Bucket) -> tuple[str, str]:
    partition = "aws"
    if bucket.region.startswith("us-gov-"):
        partition = "aws-us-gov"
    elif bucket.region.startswith("eusc-"):
        partition = "aws-eusc"
    name = f"arn:{partition}:s3:::{bucket.name}"
    return name, f"{name}/*"


def _spread(statement: Document) -> Document:
    lists = {
        name: sorted([value] if isinstance(value, str) else value)
        for name, value in statement.items()
        if name in {"Action", "Resource"}
    }
    return statement | lists


def _no_tls() -> Document:
    return {"Bool": {"aws:SecureTransport": "false"}}


def _deny(
    name: str, action: str, resources: Sequence[str], condition: Document | None
) -> Document:
    statement: Document = {
        "Sid": f"{OURS}{name}",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": list(resources),
    }
    return statement | ({"Condition": condition} if condition else {})
