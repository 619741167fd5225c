import signal
import stat

import pytest
import redis

from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.process import end
from sondervoice.embedded.redis_server import RedisServer, find_program
from sondervoice.settings.env import redis_client_url

PROGRAM = find_program()


@pytest.mark.redis
@pytest.mark.skipif(PROGRAM is None, reason="no redis-server on PATH")
class TestRedisServer:
    def test_serves_a_private_socket_and_no_port(self, layout):
        server = RedisServer(layout, PROGRAM)
        process = server.start()

        with redis.Redis.from_url(redis_client_url(server.url)) as client:
            client.set("said", "heard")
            assert client.get("said") == b"heard"
            assert client.config_get("port", "save") == {"port": "0", "save": ""}
        assert oct(stat.S_IMODE(server.socket.stat().st_mode)) == "0o700"
        assert end(process, first=signal.SIGTERM, grace_s=5) is True
        assert server.answers() is False

    def test_starts_under_a_path_too_long_for_a_socket(self, layout, data_dir):
        long = layout.__class__(data_dir / ("long" * 30))
        long.redis.mkdir(parents=True)
        long.logs.mkdir()
        server = RedisServer(long, PROGRAM)

        process = server.start()

        assert server.answers() is True
        end(process, first=signal.SIGTERM, grace_s=5)
        server.socket.parent.rmdir()

    def test_says_so_when_it_does_not_start(self, layout):
        server = RedisServer(layout, PROGRAM)
        server._home.joinpath("s").rmdir()

        with pytest.raises(EmbeddedError, match="does not start, see"):
            server.start()
