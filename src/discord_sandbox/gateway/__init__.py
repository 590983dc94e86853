"""The gateway of the local Discord: version 10, JSON, over WebSocket.

Written after Discord's "Gateway" and "Gateway Events" pages (discord/discord-api-docs,
`developers/events/`).
"""
