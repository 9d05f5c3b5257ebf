"""A strict local Slack. Imports nothing of `bot` or `handlers`: it plays the world they live in."""
