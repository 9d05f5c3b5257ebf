"""Slack: payloads in, interactions out; screens in, Block Kit out."""
