"""What happens to messages after they were posted: reactions, pins, votes; and typing."""

from discord_sandbox.wire.messages import reaction_emoji_json
from discord_sandbox.wire.users import member_json
from discord_sandbox.world.messages import MessageActs, dm_readers, find_reaction
from discord_sandbox.world.models import Channel, Json, Message, Reaction, User


class ReactionActs(MessageActs):
    """Reactions, pins, votes and typing; each emits what Discord's gateway would."""

    def add_reaction(
        self,
        message: Message,
        user: User,
        emoji_name: str,
        emoji_id: int | None = None,
        *,
        animated: bool = False,
    ) -> None:
        """Put a reaction below the message (once a user and emoji)."""
        reaction = find_reaction(message, emoji_name, emoji_id)
        if reaction is None:
            reaction = Reaction(emoji_id, emoji_name, animated=animated)
            message.reactions.append(reaction)
        if user.id in reaction.user_ids:
            return
        reaction.user_ids[user.id] = None
        data = _reaction_event(message, reaction, user.id)
        data["message_author_id"] = str(message.author.id)
        guild = message.guild
        if guild is not None and user.id in guild.members:
            data["member"] = member_json(guild.members[user.id])
        self.dispatch_at("MESSAGE_REACTION_ADD", data, message)

    def remove_reaction(self, message: Message, reaction: Reaction, user_id: int) -> None:
        """Take one user's reaction away."""
        if user_id not in reaction.user_ids:
            return
        del reaction.user_ids[user_id]
        if not reaction.user_ids:
            message.reactions.remove(reaction)
        data = _reaction_event(message, reaction, user_id)
        self.dispatch_at("MESSAGE_REACTION_REMOVE", data, message)

    def clear_reactions(self, message: Message, reaction: Reaction | None = None) -> None:
        """Take all reactions away, or all of one emoji."""
        data = _message_event(message)
        if reaction is None:
            message.reactions.clear()
            self.dispatch_at("MESSAGE_REACTION_REMOVE_ALL", data, message)
            return
        message.reactions.remove(reaction)
        data["emoji"] = reaction_emoji_json(reaction)
        self.dispatch_at("MESSAGE_REACTION_REMOVE_EMOJI", data, message)

    def pin_message(self, message: Message, *, pinned: bool) -> None:
        """Pin or unpin."""
        if message.pinned == pinned:
            return
        message.pinned = pinned
        message.pinned_at = self.clock.now() if pinned else None
        if pinned:
            message.channel.last_pin_at = message.pinned_at
        self.announce_message_update(message)
        self.announce_pins(message.channel)

    def vote(self, message: Message, user: User, answer_id: int, *, add: bool = True) -> None:
        """Vote for an answer of the message's poll, or take the vote back."""
        poll = message.poll
        if poll is None or poll.finalized or answer_id not in poll.votes:
            return
        voters = poll.votes[answer_id]
        if add == (user.id in voters):
            return
        if add:
            if not poll.allow_multiselect:
                for other, others in poll.votes.items():
                    if user.id in others:
                        self.vote(message, user, other, add=False)
            voters[user.id] = None
        else:
            del voters[user.id]
        data = _message_event(message) | {"user_id": str(user.id), "answer_id": answer_id}
        self.dispatch_at(f"MESSAGE_POLL_VOTE_{'ADD' if add else 'REMOVE'}", data, message)

    def end_poll(self, message: Message) -> None:
        """Close the message's poll."""
        if message.poll is None or message.poll.finalized:
            return
        message.poll.finalized = True
        message.poll.expires_at = min(message.poll.expires_at, self.clock.now())
        self.announce_message_update(message)

    def start_typing(self, channel: Channel, user: User) -> None:
        """Show that somebody types."""
        data: Json = {
            "channel_id": str(channel.id),
            "user_id": str(user.id),
            "timestamp": int(self.clock.now().timestamp()),
        }
        guild = channel.guild
        if guild is not None:
            data["guild_id"] = str(guild.id)
            if user.id in guild.members:
                data["member"] = member_json(guild.members[user.id])
        only = None if guild is not None else dm_readers(channel)
        self.dispatch("TYPING_START", data, guild, channel=channel, only=only)


def _message_event(message: Message) -> Json:
    data: Json = {"message_id": str(message.id), "channel_id": str(message.channel.id)}
    if message.guild is not None:
        data["guild_id"] = str(message.guild.id)
    return data


def _reaction_event(message: Message, reaction: Reaction, user_id: int) -> Json:
    data = _message_event(message)
    data["user_id"] = str(user_id)
    data["emoji"] = reaction_emoji_json(reaction)
    data["burst"] = False
    data["type"] = 0
    return data
