import io
import json
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization
from recordings.models import Recording
from sondervoice.kernel import tenancy
from sondervoice.settings.buckets import Bucket
from tests.cast import NOW, Cast
from tests.cast_calls import make_call
from tests.fakes.s3 import S3, s3
from tests.fakes.s3.client import FRANKFURT, VIRGINIA, boto, make_bucket, use_buckets

ANCHORS = "anchors-of-ours"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd"
OTHERS = {
    "Sid": "AuditorsMayList",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/auditor"},
    "Action": "s3:ListBucket",
    "Resource": f"arn:aws:s3:::{FRANKFURT.name}",
}
OTHERS_RULE = {
    "ID": "others",
    "Status": "Enabled",
    "Filter": {"Prefix": "reports/"},
    "Expiration": {"Days": 9},
}


@pytest.fixture
def service(settings, monkeypatch) -> Iterator[S3]:
    with s3() as running:
        make_bucket(running, FRANKFURT)
        make_bucket(running, VIRGINIA)
        boto(running).create_bucket(Bucket=ANCHORS, ObjectLockEnabledForBucket=True)
        use_buckets(settings, monkeypatch, running, FRANKFURT, VIRGINIA)
        settings.LEDGER_ANCHOR_BUCKET = ANCHORS
        settings.AWS_REGION = "us-east-1"
        yield running


def _say(what: str) -> str:
    out = io.StringIO()
    call_command("storage", what, stdout=out)
    return out.getvalue()


def _lacks() -> list[str]:
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("storage", "check", stdout=out)
    return out.getvalue().splitlines()


def _policy(service: S3, name: str) -> dict:
    return json.loads(boto(service).get_bucket_policy(Bucket=name)["Policy"])


class TestPolicy:
    def test_is_printed_for_each_bucket(self, cast: Cast, service: S3):
        said = json.loads(_say("policy"))

        assert list(said) == [FRANKFURT.name, VIRGINIA.name, ANCHORS]
        assert [one["Sid"] for one in said[FRANKFURT.name]["Statement"]] == [
            "SonderVoiceTlsOnly",
            "SonderVoiceEncryptedPutOnly",
            "SonderVoiceOwnAccountOnly",
        ]
        assert {one["Effect"] for one in said[ANCHORS]["Statement"]} == {"Deny"}

    def test_denies_a_put_without_encryption(self, cast: Cast, service: S3):
        (denied,) = [
            one
            for one in json.loads(_say("policy"))[FRANKFURT.name]["Statement"]
            if one["Sid"] == "SonderVoiceEncryptedPutOnly"
        ]

        assert denied == {
            "Sid": "SonderVoiceEncryptedPutOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": [f"arn:aws:s3:::{FRANKFURT.name}/*"],
            "Condition": {
                "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}
            },
        }

    @pytest.mark.parametrize(
        ("region", "partition"),
        [("us-gov-west-1", "aws-us-gov"), ("eusc-de-east-1", "aws-eusc")],
    )
    def test_names_the_partition(self, cast: Cast, settings, region, partition):
        settings.RECORDINGS_BUCKETS = (Bucket(region=region, name="sound"),)
        settings.LEDGER_ANCHOR_BUCKET = ""

        assert f'"arn:{partition}:s3:::sound/*"' in _say("policy")

    def test_denies_another_key_where_one_is_named(self, cast: Cast, settings):
        bucket = Bucket(region="eu-central-1", name="sound", key_arn=KEY)
        settings.RECORDINGS_BUCKETS = (bucket,)

        assert "SonderVoiceOneKeyOnly" in _say("policy")


class TestApply:
    def test_leaves_nothing_to_check(self, cast: Cast, service: S3):
        assert len([one for one in _lacks() if "as it should" not in one]) == 18

        assert _say("apply").splitlines() == [
            f"{FRANKFURT.name}: set",
            f"{VIRGINIA.name}: set",
            f"{ANCHORS}: set",
        ]
        _say("apply")

        assert _say("check").splitlines() == [
            f"{FRANKFURT.name}: as it should be",
            f"{VIRGINIA.name}: as it should be",
            f"{ANCHORS}: as it should be",
        ]

    def test_leaves_what_others_set(self, cast: Cast, service: S3):
        client = boto(service)
        client.put_bucket_policy(
            Bucket=FRANKFURT.name, Policy=json.dumps({"Statement": [OTHERS]})
        )
        client.put_bucket_lifecycle_configuration(
            Bucket=FRANKFURT.name, LifecycleConfiguration={"Rules": [OTHERS_RULE]}
        )

        _say("apply")
        _say("apply")

        names = [one["Sid"] for one in _policy(service, FRANKFURT.name)["Statement"]]
        assert names[0] == "AuditorsMayList"
        assert len(names) == 4
        rules = client.get_bucket_lifecycle_configuration(Bucket=FRANKFURT.name)
        assert [one["ID"] for one in rules["Rules"]] == [
            "others",
            "SonderVoice-leftovers",
        ]

    @pytest.mark.parametrize(("days", "after"), [(30, 30), (90, 90), (91, 1)])
    def test_keeps_how_long_older_versions_stay_up_to_the_days_of_a_backup(
        self, cast: Cast, service: S3, days: int, after: int
    ):
        _say("apply")
        client = boto(service)
        rules = client.get_bucket_lifecycle_configuration(Bucket=FRANKFURT.name)
        rules["Rules"][0]["NoncurrentVersionExpiration"]["NoncurrentDays"] = days
        client.put_bucket_lifecycle_configuration(
            Bucket=FRANKFURT.name, LifecycleConfiguration={"Rules": rules["Rules"]}
        )
        if days == after:
            assert _say("check").count("as it should be") == 3
        else:
            assert any("older versions" in one for one in _lacks())

        _say("apply")

        (rule,) = client.get_bucket_lifecycle_configuration(Bucket=FRANKFURT.name)[
            "Rules"
        ]
        assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": after}
        assert _say("check").count("as it should be") == 3

    def test_encrypts_by_the_named_key(
        self, cast: Cast, service: S3, settings, monkeypatch
    ):
        bucket = Bucket(region="eu-central-1", name=FRANKFURT.name, key_arn=KEY)
        use_buckets(settings, monkeypatch, service, bucket, VIRGINIA)

        _say("apply")

        (rule,) = boto(service).get_bucket_encryption(Bucket=FRANKFURT.name)[
            "ServerSideEncryptionConfiguration"
        ]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"] == {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": KEY,
        }
        assert _say("check").count("as it should be") == 3

    def test_says_why_it_could_not(self, cast: Cast, service: S3):
        service.trouble = "403"

        with pytest.raises(CommandError, match="sound-frankfurt: access_denied"):
            _say("apply")


class TestCheck:
    def test_names_what_is_missing(self, cast: Cast, service: S3):
        assert [one for one in _lacks() if one.startswith(FRANKFURT.name)] == [
            f"{FRANKFURT.name}: its policy lacks TlsOnly",
            f"{FRANKFURT.name}: its policy lacks EncryptedPutOnly",
            f"{FRANKFURT.name}: its policy lacks OwnAccountOnly",
            f"{FRANKFURT.name}: public access is not blocked",
            f"{FRANKFURT.name}: it does not encrypt by the key of AWS KMS by itself",
            f"{FRANKFURT.name}: broken uploads are not cleared after a day, or older "
            "versions not within 90",
        ]

    def test_names_anchors_that_can_be_deleted(self, cast: Cast, service: S3, settings):
        _say("apply")
        boto(service).create_bucket(Bucket="not-locked")
        settings.LEDGER_ANCHOR_BUCKET = "not-locked"

        lacks = _lacks()

        assert "not-locked: versions are off, and with them object lock" in lacks
        assert "not-locked: object lock is off: anchors can be deleted" in lacks

    def test_names_a_lock_that_ends_before_the_record(
        self, cast: Cast, service: S3, settings
    ):
        _say("apply")
        settings.RECORD_KEEP_DAYS += 1

        assert (
            f"{ANCHORS}: its own lock is not COMPLIANCE for "
            f"{settings.RECORD_KEEP_DAYS} days or more"
        ) in _lacks()

    def test_names_a_bucket_from_which_nothing_can_go(
        self, cast: Cast, service: S3, settings, monkeypatch
    ):
        _say("apply")
        locked = Bucket(region="us-east-1", name=ANCHORS)
        use_buckets(settings, monkeypatch, service, FRANKFURT, locked)

        assert (
            f"{ANCHORS}: object lock is on: what is due could not be deleted"
        ) in _lacks()

    def test_names_a_bucket_that_is_elsewhere(
        self, cast: Cast, service: S3, settings, monkeypatch
    ):
        _say("apply")
        moved = Bucket(region="us-west-2", name=VIRGINIA.name)
        use_buckets(settings, monkeypatch, service, FRANKFURT, moved)

        assert f"{VIRGINIA.name}: it is in us-east-1, not in us-west-2" in _lacks()

    @pytest.mark.parametrize(
        ("trouble", "category"), [("403", "access_denied"), ("503", "throttled")]
    )
    def test_says_that_a_bucket_does_not_answer(
        self, cast: Cast, service: S3, trouble, category
    ):
        service.trouble = trouble

        assert f"{ANCHORS}: it cannot be looked at: {category}" in _lacks()

    def test_says_that_there_is_none(self, cast: Cast, service: S3, settings):
        missing = Bucket(region="eu-central-1", name="never-made")
        settings.RECORDINGS_BUCKETS = (missing, VIRGINIA)

        assert "never-made: it cannot be looked at: bucket_not_found" in _lacks()

    def test_names_clinics_without_a_bucket_and_recordings_without_a_place(
        self, cast: Cast, service: S3, settings, monkeypatch
    ):
        _say("apply")
        with tenancy.scope(cast.birch.organization.id):
            Organization.objects.filter(pk=cast.birch.organization.id).update(
                region="eu"
            )
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(cast.alder, at=NOW)
            Recording.objects.create(
                organization_id=call.organization_id,
                call=call,
                status="stored",
                place="s3:us-east-1:given-up",
            )
        use_buckets(settings, monkeypatch, service, VIRGINIA)

        assert _lacks()[:2] == [
            f"{VIRGINIA.name}: as it should be",
            f"{ANCHORS}: as it should be",
        ]
        assert _lacks()[2:] == [
            "1 clinics chose eu, where there is no bucket: "
            "their recordings wait in the spool",
            "1 recordings are in s3:us-east-1:given-up, which the settings do not "
            "name: they cannot be played or erased",
        ]

    def test_has_nothing_to_say_of_files(self, cast: Cast, settings):
        settings.RECORDINGS_BUCKETS = ()
        settings.LEDGER_ANCHOR_BUCKET = ""

        assert _say("check") == "no bucket: recordings and anchors are files\n"
