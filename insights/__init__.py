"""What the answers mean: measures and digests, computed from rows, with no model needed."""
