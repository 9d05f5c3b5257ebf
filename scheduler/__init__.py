"""Time and delivery: the outbox and its courier, and the heartbeat that apscheduler gives them."""
