"""Who people are: accounts, grants, units, the three tiers of seats and their appointments."""
