"""The state of the local Discord: guilds, people, channels, messages, and who may do what."""
