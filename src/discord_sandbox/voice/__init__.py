"""The voice side of the local Discord: voice gateway v8 over TLS, and RTP over UDP.

Written after Discord's "Voice Connections" page (discord/discord-api-docs,
`developers/topics/voice-connections.mdx`). End-to-end encryption (DAVE) is
offered as version 0, which is to say transport encryption only.
"""
