"""Statistics read for a place, from what stands."""
