"""What `planner seed` writes, room by room, through the rooms' own actions; safe to run twice."""
