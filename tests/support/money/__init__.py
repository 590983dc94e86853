"""The trial of the money: members act, the bot is killed, and the books are held against them."""
