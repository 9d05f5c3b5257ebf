"""The page: a Slack-like workspace in the browser."""
