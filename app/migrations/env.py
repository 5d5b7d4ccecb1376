"""How Alembic reaches the database: by the engine that the application prepared."""

from alembic import context
from sqlalchemy import Engine

from app.models import Base
from app.models.engine import writing


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with writing(), engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
