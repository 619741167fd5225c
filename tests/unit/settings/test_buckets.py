import pytest
from django.core.exceptions import ImproperlyConfigured

from sondervoice.settings.buckets import (
    Bucket,
    data_regions,
    read_buckets,
    s3_storages,
)

FRANKFURT = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd"
VIRGINIA = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd"


@pytest.fixture
def given(monkeypatch):
    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    for name in ("BUCKET", "BUCKETS", "KMS_KEY_ID"):
        monkeypatch.delenv(f"RECORDINGS_{name}", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    return put


class TestReadBuckets:
    def test_finds_none(self, given):
        given(AWS_REGION="eu-central-1")

        assert read_buckets() == ()

    def test_finds_the_single_one_in_the_region_of_the_account(self, given):
        given(RECORDINGS_BUCKET="sound", AWS_REGION="eu-west-1")

        (bucket,) = read_buckets()

        assert bucket == Bucket(region="eu-west-1", name="sound")
        assert (bucket.data_region, bucket.place) == ("eu", "s3:eu-west-1:sound")

    def test_finds_one_for_each_region_with_its_key(self, given):
        given(
            RECORDINGS_BUCKET="first",
            AWS_REGION="us-west-2",
            RECORDINGS_BUCKETS="eu-central-1=sound-f, us-east-1=sound-v",
            RECORDINGS_KMS_KEY_ID=f"{FRANKFURT}, {VIRGINIA}",
        )

        assert read_buckets() == (
            Bucket(region="us-west-2", name="first"),
            Bucket(region="eu-central-1", name="sound-f", key_arn=FRANKFURT),
            Bucket(region="us-east-1", name="sound-v", key_arn=VIRGINIA),
        )

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"RECORDINGS_BUCKET": "sound"}, "AWS_REGION is not set"),
            ({"RECORDINGS_BUCKETS": "sound"}, "must list REGION=BUCKET"),
            ({"RECORDINGS_BUCKETS": "eu-central-1=A_b"}, "cannot be a bucket's name"),
            ({"RECORDINGS_BUCKETS": "eu-west-2=london"}, "neither in the United"),
            ({"RECORDINGS_BUCKETS": "eu-central-2=zurich"}, "neither in the United"),
            ({"RECORDINGS_BUCKETS": "ca-central-1=other"}, "neither in the United"),
            ({"RECORDINGS_KMS_KEY_ID": FRANKFURT}, "where no bucket is"),
            (
                {
                    "RECORDINGS_BUCKETS": "eu-central-1=sound",
                    "RECORDINGS_KMS_KEY_ID": "alias/ours",
                },
                "must be a key's ARN",
            ),
            (
                {
                    "RECORDINGS_BUCKETS": "eu-central-1=sound",
                    "RECORDINGS_KMS_KEY_ID": f"{FRANKFURT},{FRANKFURT}9",
                },
                "two keys of eu-central-1",
            ),
        ],
    )
    def test_refuses_what_would_rest_elsewhere(self, given, values, words):
        given(**values)

        with pytest.raises(ImproperlyConfigured, match=words):
            read_buckets()


class TestDataRegions:
    def test_are_those_with_a_bucket(self):
        frankfurt = Bucket(region="eu-central-1", name="sound")
        oregon = Bucket(region="us-west-2", name="sound-us")

        assert data_regions([frankfurt]) == ("eu",)
        assert data_regions([frankfurt, oregon]) == ("us", "eu")

    def test_are_all_where_recordings_are_files(self):
        assert data_regions([]) == ("us", "eu")


class TestS3Storages:
    def test_encrypt_by_the_key_of_the_region(self):
        bucket = Bucket(region="eu-central-1", name="sound", key_arn=FRANKFURT)

        options = s3_storages([bucket], endpoint_url="")[bucket.place]["OPTIONS"]

        assert options["object_parameters"] == {
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": FRANKFURT,
        }
        assert options["endpoint_url"] is None
        assert options["querystring_auth"] is False
        assert options["default_acl"] is None

    def test_wait_for_a_bounded_time(self):
        bucket = Bucket(region="eu-central-1", name="sound")

        options = s3_storages([bucket], endpoint_url="")[bucket.place]["OPTIONS"]

        config = options["client_config"]
        assert (config.connect_timeout, config.read_timeout) == (5, 10)
        assert config.retries == {"total_max_attempts": 2, "mode": "standard"}
