"""First floor: request session, guards, error pages, languages, headers, base templates."""
