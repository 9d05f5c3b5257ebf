"""The platforms and the assembly: slack-bolt and aiohttp enter here, and nowhere below.

What lives here: one folder per chat platform (four files: inbound, cards, outbound, directory), the settings, the
web server, the command line. What may not: any rule about check-ins, kudos or people; those live in `handlers`.
"""
