"""A PostgreSQL server of somebody's own, as an operator has one: reached by TCP with passwords, its log telling everything.

It listens on an address of loopback that nobody else uses, for the port is the same for all."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from troth import database

_SCRAM = "host all all 127.0.0.0/8 scram-sha-256\n"


@dataclass
class OwnServer:
    """A running one. `address`: where it listens."""

    cluster: database.Cluster
    address: str

    @property
    def superuser_url(self) -> str:
        return self.cluster.url(role=database.SUPERUSER, name="postgres")

    def run(self, *statements: str, name: str = "postgres") -> None:
        with psycopg.connect(self.cluster.url(role=database.SUPERUSER, name=name), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def let_in(self, lines: str = _SCRAM) -> None:
        """What pg_hba.conf says beside our own line."""
        with (self.cluster.data / "pg_hba.conf").open("w") as file:
            file.write(f"local all all peer map=troth\n{lines}")
        self.run("select pg_reload_conf()")


@contextmanager
def own_server() -> Iterator[OwnServer]:
    home = Path(tempfile.mkdtemp(prefix="troth-own-"))
    home.chmod(0o755)
    user = database.server_user()
    binaries = database.reachable(database.find_binaries(os.environ), user=user, home=home)
    address = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 1}"
    options = ("-c", "fsync=off", "-c", f"listen_addresses={address}", "-c", "log_statement=all")
    cluster = database.Cluster(binaries, home / "data", home / "s", home / "postgres.log", user, options)
    cluster.prepare()
    process = cluster.start()
    made = OwnServer(cluster, address)
    made.let_in()
    try:
        yield made
    finally:
        cluster.stop(process)
        shutil.rmtree(home)
