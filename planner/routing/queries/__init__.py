"""Reads of the routing room."""

from .catalogue import catalogue_of, chips, public_topics, topic_in_force, topics
from .seating import active_rules, seat_facts, seat_loads

__all__ = [
    "active_rules",
    "catalogue_of",
    "chips",
    "public_topics",
    "seat_facts",
    "seat_loads",
    "topic_in_force",
    "topics",
]
