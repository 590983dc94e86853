"""Who is in which voice channel."""

from discord_sandbox.wire.guilds import voice_state_json
from discord_sandbox.world.constants import ChannelType
from discord_sandbox.world.guilds import GuildActs
from discord_sandbox.world.models import Channel, Guild, User, VoiceState


class VoiceActs(GuildActs):
    """Changes of voice states."""

    def set_voice_state(
        self,
        guild: Guild,
        user: User,
        channel_id: int | None,
        *,
        self_mute: bool = False,
        self_deaf: bool = False,
        self_video: bool = False,
        session_id: str | None = None,
    ) -> VoiceState | None:
        """Connect, move or (``channel_id`` None) disconnect a member.

        Nothing is announced when somebody who is in no channel leaves: Discord does not echo a
        null channel to a bot that is not in voice.

        Args:
            guild: The guild.
            user: Its member.
            channel_id: A voice or stage channel of the guild, or None.
            self_mute: Muted by themselves.
            self_deaf: Deafened by themselves.
            self_video: Camera on.
            session_id: The gateway session's id; kept from before, or made, when None.
        """
        current = guild.voice_states.get(user.id)
        if channel_id is None:
            if current is not None:
                del guild.voice_states[user.id]
                self._announce(guild, current, left=True)
            return None
        joined = current is None
        if current is None:
            member = guild.members[user.id]
            current = VoiceState(
                user_id=user.id,
                guild_id=guild.id,
                channel_id=channel_id,
                session_id=session_id or f"{self.new_id():032x}",
                mute=member.mute,
                deaf=member.deaf,
            )
            guild.voice_states[user.id] = current
        channel = guild.channels[channel_id]
        if joined or current.channel_id != channel_id:
            current.suppress = channel.type == ChannelType.GUILD_STAGE_VOICE
        current.channel_id = channel_id
        current.self_mute = self_mute
        current.self_deaf = self_deaf
        current.self_video = self_video
        if session_id is not None:
            current.session_id = session_id
        self._announce(guild, current)
        return current

    def update_voice_state(self, guild: Guild, state: VoiceState) -> None:
        """Announce that a voice state changed (server mute, suppress, ...)."""
        self._announce(guild, state)

    def forget_voice_state(self, guild: Guild, user_id: int) -> None:
        """Disconnect a member who leaves the guild."""
        state = guild.voice_states.pop(user_id, None)
        if state is not None:
            self._announce(guild, state, left=True)

    def members_in_voice(self, channel: Channel) -> list[VoiceState]:
        """Return who is connected to the channel."""
        if channel.guild is None:
            return []
        return [
            state for state in channel.guild.voice_states.values() if state.channel_id == channel.id
        ]

    def _announce(self, guild: Guild, state: VoiceState, *, left: bool = False) -> None:
        self.dispatch("VOICE_STATE_UPDATE", voice_state_json(guild, state, left=left), guild)
