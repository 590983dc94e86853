"""What the bot knows of a member: handed out and forgotten, on the member's own word."""
