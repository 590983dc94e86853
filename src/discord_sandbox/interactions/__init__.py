"""Application commands, interactions and webhooks, as discord-api-docs describe them."""
