"""Set on a bucket what it must hold to; what others set beside it stays."""

import json

from django.conf import settings

from recordings.buckets import policies
from recordings.buckets.buckets import BucketDesk, Watched


def apply_to(watched: Watched) -> None:
    """Set policy, closed doors, and encryption and clearing, or the object lock.

    How long our rule keeps older versions stays as somebody set it, up to 90 days.
    Versions of recordings are neither switched on nor off: without them a delete is a
    delete, and where they are on each is deleted.

    Raises:
        VendorError: If the service does not do it; what was set until then stays.
    """
    desk = BucketDesk(watched.bucket)
    desk.put(
        "put_public_access_block",
        PublicAccessBlockConfiguration=policies.no_public_access(),
    )
    if watched.is_for_anchors:
        _lock(desk)
    else:
        _encrypt_and_clear(desk, watched)
    statements = policies.merged(desk.statements(), watched.statements())
    desk.put("put_bucket_policy", Policy=json.dumps(policies.policy(statements)))


def _lock(desk: BucketDesk) -> None:
    if desk.ask("get_bucket_versioning").get("Status") != "Enabled":
        desk.put("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
    desk.put(
        "put_object_lock_configuration",
        ObjectLockConfiguration=policies.lock(settings.RECORD_KEEP_DAYS),
    )


def _encrypt_and_clear(desk: BucketDesk, watched: Watched) -> None:
    desk.put(
        "put_bucket_encryption",
        ServerSideEncryptionConfiguration=policies.encryption_by(watched.bucket),
    )
    stands = desk.rules()
    ours = policies.lifecycle_rule(policies.older_days(stands))
    rules = [one for one in stands if one.get("ID") != ours["ID"]]
    desk.put(
        "put_bucket_lifecycle_configuration",
        LifecycleConfiguration={"Rules": [*rules, ours]},
    )
