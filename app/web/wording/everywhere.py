"""Sentences about everywhere."""

from flask_babel import LazyString

SENTENCES: dict[str, LazyString] = {}
