"""Say in plain words what a bucket lacks, and whose recordings have no place."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from accounts.models import Organization
from accounts.way_in import organization_ids
from recordings.buckets import policies
from recordings.buckets.buckets import BucketDesk, Watched
from recordings.models import Recording
from recordings.objects.places import known_places
from sondervoice.kernel import tenancy
from sondervoice.kernel.errors import VendorError
from sondervoice.settings.buckets import Bucket


def find_lacks(watched: Watched) -> list[str]:
    """Return what is missing on the bucket, a sentence each; none if all is there."""
    desk = BucketDesk(watched.bucket)
    try:
        found = [*_common(desk, watched)]
        lacks = _of_anchors if watched.is_for_anchors else _of_sound
        return [*found, *lacks(desk, watched.bucket)]
    except (VendorError, FileNotFoundError) as error:
        category = getattr(error, "category", "bucket_not_found")
        return [f"it cannot be looked at: {category}"]


def find_homeless() -> list[str]:
    """Return what recordings have no place, or one that nobody knows any more."""
    regions: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for organization_id in organization_ids():
        with tenancy.scope(organization_id):
            region = Organization.objects.get(pk=organization_id).region
            regions[region] += region not in settings.DATA_REGIONS
            places = Recording.with_deleted.exclude(place__in=known_places())
            lost.update(places.values_list("place", flat=True))
    return [
        f"{count} clinics chose {region}, where there is no bucket: "
        "their recordings wait in the spool"
        for region, count in sorted(regions.items())
        if count
    ] + [
        f"{count} recordings are in {place}, which the settings do not name: "
        "they cannot be played or erased"
        for place, count in sorted(lost.items())
    ]


def _common(desk: BucketDesk, watched: Watched) -> Iterator[str]:
    place = desk.ask("get_bucket_location").get("LocationConstraint") or "us-east-1"
    if place != watched.bucket.region:
        yield f"it is in {place}, not in {watched.bucket.region}"
    stands = desk.statements()
    for statement in watched.statements():
        if not policies.stands_among(statement, stands):
            name = statement["Sid"].removeprefix(policies.OURS)
            yield f"its policy lacks {name}"
    closed = desk.ask("get_public_access_block")
    if closed.get("PublicAccessBlockConfiguration") != policies.no_public_access():
        yield "public access is not blocked"


def _of_sound(desk: BucketDesk, bucket: Bucket) -> Iterator[str]:
    stands = desk.ask("get_bucket_encryption")
    if not _encrypts(stands.get("ServerSideEncryptionConfiguration", {}), bucket):
        yield "it does not encrypt by the key of AWS KMS by itself"
    if not any(_clears(rule) for rule in desk.rules()):
        yield (
            "broken uploads are not cleared after a day, or older versions not "
            f"within {policies.OLDER_DAYS_AT_MOST}"
        )
    if desk.ask("get_object_lock_configuration"):
        yield "object lock is on: what is due could not be deleted"
    if desk.ask("get_bucket_replication"):
        yield "it is replicated: copies elsewhere would outlive what is deleted"


def _of_anchors(desk: BucketDesk, _bucket: Bucket) -> Iterator[str]:
    if desk.ask("get_bucket_versioning").get("Status") != "Enabled":
        yield "versions are off, and with them object lock"
    lock = desk.ask("get_object_lock_configuration").get("ObjectLockConfiguration", {})
    if lock.get("ObjectLockEnabled") != "Enabled":
        yield "object lock is off: anchors can be deleted"
        return
    rule = lock.get("Rule", {}).get("DefaultRetention", {})
    days = rule.get("Days", 0) + 365 * rule.get("Years", 0)
    if rule.get("Mode") != "COMPLIANCE" or days < settings.RECORD_KEEP_DAYS:
        yield (
            f"its own lock is not COMPLIANCE for {settings.RECORD_KEEP_DAYS} days "
            "or more"
        )


def _encrypts(stands: policies.Document, bucket: Bucket) -> bool:
    rules = [
        rule.get("ApplyServerSideEncryptionByDefault", {})
        for rule in stands.get("Rules", ())
    ]
    return any(
        rule.get("SSEAlgorithm") == "aws:kms"
        and bucket.key_arn in {"", rule.get("KMSMasterKeyID")}
        for rule in rules
    )


def _clears(rule: policies.Document) -> bool:
    """Return whether a rule for the whole bucket clears what is left over in time."""
    where = rule.get("Filter") or {"Prefix": rule.get("Prefix", "")}
    uploads = rule.get("AbortIncompleteMultipartUpload", {})
    older = rule.get("NoncurrentVersionExpiration", {})
    return (
        where == {"Prefix": ""}
        and rule.get("Status") == "Enabled"
        and uploads.get("DaysAfterInitiation") == 1
        and 1 <= older.get("NoncurrentDays", 0) <= policies.OLDER_DAYS_AT_MOST
    )
