"""What has happened to the demo's people lately? Told through the same services that people use."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.cli.demo_people import People


def tell(session: Session, people: People, *, now: datetime, folder: Path) -> None:
    """Live the last half months up to `now`; payment files go to a folder."""
