"""What happens to channels beyond their making: deletion, threads and their followers."""

from discord_sandbox.wire.channels import thread_json, thread_member_json
from discord_sandbox.wire.users import member_json
from discord_sandbox.world.models import Channel, Guild, Json, ThreadMember, ThreadState, User
from discord_sandbox.world.voice import VoiceActs


class ChannelActs(VoiceActs):
    """Deletion of channels, and threads."""

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread; its threads go and its voice members leave with it."""
        guild = channel.guild
        if guild is None:
            return
        for thread in [each for each in guild.threads.values() if each.parent_id == channel.id]:
            self.delete_channel(thread)
        for state in self.members_in_voice(channel):
            self.forget_voice_state(guild, state.user_id)
        self.announce_channel_deleted(channel)
        for child in guild.channels.values():
            if child.parent_id == channel.id:
                child.parent_id = None
                self.update_channel(child)
        guild.channels.pop(channel.id, None)
        guild.threads.pop(channel.id, None)
        guild.stages.pop(channel.id, None)
        self.channels.pop(channel.id, None)
        for invite in [each for each in self.invites.values() if each.channel is channel]:
            del self.invites[invite.code]
        for webhook in [each for each in self.webhooks.values() if each.channel is channel]:
            del self.webhooks[webhook.id]

    def create_thread(  # noqa: PLR0913 - what Discord lets one set
        self,
        parent: Channel,
        owner: User,
        name: str,
        type: int = 11,  # noqa: A002 - Discord's word for it
        *,
        auto_archive_minutes: int | None = None,
        rate_limit_per_user: int = 0,
        invitable: bool = True,
        applied_tags: list[int] | None = None,
        thread_id: int | None = None,
    ) -> Channel:
        """Open a thread below ``parent`` with its owner as the first follower.

        Args:
            parent: A text, announcement, forum or media channel.
            owner: Who opens it.
            name: 1 to 100 characters.
            type: 10 announcement, 11 public, 12 private.
            auto_archive_minutes: The parent's default, or a day, when None.
            rate_limit_per_user: Slow mode in seconds.
            invitable: Whether followers may add others to a private thread.
            applied_tags: The forum tags' ids.
            thread_id: The starter message's id when the thread is started from one.
        """
        guild = parent.guild
        if guild is None:
            raise ValueError("threads live in guilds")
        now = self.clock.now()
        minutes = auto_archive_minutes or parent.default_auto_archive_minutes or 1440
        thread = Channel(
            id=thread_id or self.new_id(),
            type=type,
            guild=guild,
            name=name,
            parent_id=parent.id,
            rate_limit_per_user=rate_limit_per_user,
            thread=ThreadState(
                owner_id=owner.id,
                created_at=now,
                archive_timestamp=now,
                auto_archive_minutes=minutes,
                invitable=invitable,
                applied_tags=applied_tags or [],
                members={owner.id: ThreadMember(owner.id, now)},
            ),
        )
        guild.threads[thread.id] = thread
        self.channels[thread.id] = thread
        if parent.thread is None and parent.type in {15, 16}:
            parent.last_message_id = thread.id
        created = thread_json(thread) | {"newly_created": True}
        self.dispatch("THREAD_CREATE", created, guild, channel=thread)
        self._announce_thread_members(guild, thread, added=[thread_state_member(thread, owner.id)])
        return thread

    def add_thread_member(self, thread: Channel, user: User) -> None:
        """Let ``user`` follow the thread; a private thread appears to them with it."""
        guild, state = thread.guild, thread.thread
        if guild is None or state is None or user.id in state.members:
            return
        state.members[user.id] = ThreadMember(user.id, self.clock.now())
        if user.bot:
            self.dispatch(
                "THREAD_CREATE", thread_json(thread, user.id), guild, only=frozenset({user.id})
            )
        self._announce_thread_members(guild, thread, added=[thread_state_member(thread, user.id)])

    def remove_thread_member(self, thread: Channel, user_id: int) -> None:
        """Let the user stop following the thread."""
        guild, state = thread.guild, thread.thread
        if guild is None or state is None or user_id not in state.members:
            return
        self._announce_thread_members(guild, thread, removed=[user_id])
        del state.members[user_id]

    def _announce_thread_members(
        self,
        guild: Guild,
        thread: Channel,
        *,
        added: list[ThreadMember] | None = None,
        removed: list[int] | None = None,
    ) -> None:
        state = thread.thread
        if state is None:
            return
        count = len(state.members) - len(removed or [])
        data: Json = {
            "id": str(thread.id),
            "guild_id": str(guild.id),
            "member_count": min(count, 50),
        }
        if added:
            data["added_members"] = [
                thread_member_json(thread, each)
                | {"member": member_json(guild.members[each.user_id])}
                for each in added
                if each.user_id in guild.members
            ]
        if removed:
            data["removed_member_ids"] = [str(each) for each in removed]
        self.dispatch("THREAD_MEMBERS_UPDATE", data, guild, channel=thread)


def thread_state_member(thread: Channel, user_id: int) -> ThreadMember:
    """Return a follower of the thread; raises KeyError when the user is none."""
    if thread.thread is None:
        raise KeyError(user_id)
    return thread.thread.members[user_id]
