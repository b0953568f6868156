"""Ground floor: database, time, geometry, errors, audit, outbox, settings. Knows no room and no Flask."""
