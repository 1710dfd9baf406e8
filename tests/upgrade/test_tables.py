"""A new database gets its tables from a file: it has to be what the migrations make, whichever of them the file knows."""

from tests.upgrade import tables

from troth import database


def test_a_new_database_is_what_the_migrations_make(cluster: database.Cluster, transactional_db: None) -> None:
    assert tables.migrated(cluster, begun=True) == tables.migrated(cluster, begun=False)
