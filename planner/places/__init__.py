"""Where things are: neighborhoods, communities, grid cells, buildings, named places, the base map."""
