"""Speaking Discord: client, commands, components, guards, replies."""
