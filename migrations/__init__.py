"""The database's migrations (Alembic), in order; once released, one never changes."""
