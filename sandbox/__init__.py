"""The world outside, in miniature: a strict local Slack for the demo, the tests and the benchmark."""
