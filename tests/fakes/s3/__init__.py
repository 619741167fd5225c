"""S3 on loopback: moto's server, behind a proxy of ours that can fail."""

from tests.fakes.s3.proxy import S3, Asked
from tests.fakes.s3.server import s3

__all__ = ["S3", "Asked", "s3"]
