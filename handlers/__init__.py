"""What people can do, and what they see. Standard library only: no chat platform, no network, no clock of its own.

A feature receives one neutral `Interaction`, works in one transaction, and returns what the person should see.
"""
