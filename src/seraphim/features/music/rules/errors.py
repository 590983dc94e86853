"""What music refuses, each with the sentence for the member who asked."""

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.marks import N_


class NotInVoice(SeraphimError):
    """The member is in no voice channel."""

    code = "music.not_in_voice"
    http_status = 409
    message = N_("Join a voice channel first, so that I know where to play.")


class OtherChannel(SeraphimError):
    """The bot plays elsewhere; only its listeners may control it."""

    code = "music.other_channel"
    http_status = 409
    message = N_("I am playing in <#{channel_id}>. Join that channel to control the music.")


class NotPlaying(SeraphimError):
    """There is no song to do that with."""

    code = "music.not_playing"
    http_status = 409
    message = N_("Nothing is playing right now. Start something with /play.")


class NotConnected(SeraphimError):
    """The bot is in no voice channel."""

    code = "music.not_connected"
    http_status = 409
    message = N_("I am not in a voice channel.")


class NothingBefore(SeraphimError):
    """The history is empty."""

    code = "music.nothing_before"
    http_status = 409
    message = N_("There is no song to go back to.")


class NothingNext(SeraphimError):
    """Somebody wants to jump further than the queue is long."""

    code = "music.nothing_next"
    http_status = 409
    message = N_("The queue is only {count} long.")


class NothingFound(SeraphimError):
    """No source knows what was asked for."""

    code = "music.nothing_found"
    http_status = 404
    message = N_("I found nothing for “{query}”.")


class QueueFull(SeraphimError):
    """No room for a single entry more."""

    code = "music.queue_full"
    http_status = 409
    message = N_("The queue is full: it holds {limit} songs.")


class QueryTooLong(SeraphimError):
    """What was typed is longer than any title or URL."""

    code = "music.query_too_long"
    http_status = 422
    message = N_("That is {length} characters long. A title or an address has at most {limit}.")


class QueryEmpty(SeraphimError):
    """Nothing but spaces was typed."""

    code = "music.query_empty"
    http_status = 422
    message = N_("Tell me what to play: a title, a file name or a web address.")


class VolumeTooHigh(SeraphimError):
    """The guild's own limit is lower."""

    code = "music.volume_too_high"
    http_status = 422
    message = N_("The volume goes from 0 to {limit} here.")


class PermissionMissing(SeraphimError):
    """Discord would not let the bot in, or would keep it silent."""

    code = "music.permission_missing"
    http_status = 403
    message = N_(
        "I lack the permission {permissions} in {channel}. "
        "Someone who manages the channel can give it to me."
    )


class ChannelFull(SeraphimError):
    """The user limit of the channel is reached."""

    code = "music.channel_full"
    http_status = 409
    message = N_("{channel} is full. Someone has to leave, or the limit has to be raised.")


class ChannelGone(SeraphimError):
    """The voice channel does not exist (any more)."""

    code = "music.channel_gone"
    http_status = 409
    message = N_("That voice channel does not exist any more.")


class StageChannel(SeraphimError):
    """Stages need a speaker's invitation, which a bot cannot wait for."""

    code = "music.stage_channel"
    http_status = 409
    message = N_("{channel} is a stage. I play in voice channels.")


class PlayerTaken(SeraphimError):
    """Another process has taken this player over; this one must not write any more."""

    code = "music.player_taken"
    http_status = 409
    message = N_("Another instance plays here now. Try again in a moment.")


class PlaceUnknown(SeraphimError):
    """The queue has no such place."""

    code = "music.place_unknown"
    http_status = 422
    message = N_("There is no number {place} in the queue; it holds {count} songs.")


class PlacesUnclear(SeraphimError):
    """What was typed names no places."""

    code = "music.places_unclear"
    http_status = 422
    message = N_("Write numbers of the queue, such as 3, 2-5 or 1, 4, 7-9.")


class NothingToRemove(SeraphimError):
    """Nothing in the queue is meant."""

    code = "music.nothing_to_remove"
    http_status = 409
    message = N_("Nothing in the queue fits that, so nothing was removed.")


class NothingToUndo(SeraphimError):
    """The songs are back already, or too long gone."""

    code = "music.nothing_to_undo"
    http_status = 409
    message = N_("These songs are back already, or were removed too long ago.")


class SearchOver(SeraphimError):
    """The results are not kept any more."""

    code = "music.search_over"
    http_status = 409
    message = N_("That search was too long ago. Run /search again.")


class NoSongInMessage(SeraphimError):
    """A message holds neither an address nor a file nor words."""

    code = "music.no_song_in_message"
    http_status = 422
    message = N_("That message holds no address, no sound file and no title that I could play.")


class BandsUnclear(SeraphimError):
    """An equalizer that cannot be read."""

    code = "music.bands_unclear"
    http_status = 422
    message = N_("Write {count} numbers from -{limit} to {limit}, with spaces between them.")


class NothingToShuffle(SeraphimError):
    """Fewer than two songs wait."""

    code = "music.nothing_to_shuffle"
    http_status = 409
    message = N_("At least two songs have to wait before I can shuffle them.")


class TimeUnclear(SeraphimError):
    """What was typed is no time."""

    code = "music.time_unclear"
    http_status = 422
    message = N_("Write a time such as 1:30, 90 or 2m 5s; +15 and -30 count from now.")


class NoPosition(SeraphimError):
    """The song is shorter."""

    code = "music.no_position"
    http_status = 422
    message = N_("The song is only {length} long.")


class NotSeekable(SeraphimError):
    """A live stream has no places to go to."""

    code = "music.not_seekable"
    http_status = 409
    message = N_("This is a live stream: there is nothing to jump to.")


class DjOnly(SeraphimError):
    """The guild leaves the music to its DJs."""

    code = "music.dj_only"
    http_status = 403
    message = N_("Only members with the role <@&{role_id}> may do that while others listen.")


class DjModeOn(SeraphimError):
    """Only DJs may do anything with the music."""

    code = "music.dj_mode_on"
    http_status = 403
    message = N_("The music of this server is in the hands of its DJs.")


class VoteOver(SeraphimError):
    """The song that was voted on does not play any more."""

    code = "music.vote_over"
    http_status = 409
    message = N_("That vote is over: another song plays now.")


class SongChanged(SeraphimError):
    """The song that was to be skipped had ended when the button was pressed."""

    code = "music.song_changed"
    http_status = 409
    message = N_("Another song has just begun, so I skipped nothing.")


class NotYours(SeraphimError):
    """Somebody else asked for that song."""

    code = "music.not_yours"
    http_status = 403
    message = N_("You may remove your own songs. For those of others you need the DJ role.")


class TrackTooLong(SeraphimError):
    """Longer than the guild allows."""

    code = "music.track_too_long"
    http_status = 422
    message = N_("{title} is {length} long. Here a song may last {limit} at most.")


class AlreadyQueued(SeraphimError):
    """The guild wants each song once."""

    code = "music.already_queued"
    http_status = 409
    message = N_("{title} is in the queue already, and this server wants each song once.")


class SourceNotAllowed(SeraphimError):
    """The guild does not want songs from there."""

    code = "music.source_not_allowed"
    http_status = 403
    message = N_("Songs from {source} are not allowed on this server.")


class WrongTextChannel(SeraphimError):
    """The guild keeps music commands in one channel."""

    code = "music.wrong_text_channel"
    http_status = 403
    message = N_("Music commands belong into <#{channel_id}> here.")


class PlaylistNameUnclear(SeraphimError):
    """No name, or too long a name."""

    code = "music.playlist_name_unclear"
    http_status = 422
    message = N_("Give the playlist a name of 1 to {limit} characters.")


class PlaylistUnknown(SeraphimError):
    """There is no such list for this member."""

    code = "music.playlist_unknown"
    http_status = 404
    message = N_("I know no playlist “{name}”. /playlist list shows yours and the shared ones.")


class PlaylistNotYours(SeraphimError):
    """Only its owner may change a list."""

    code = "music.playlist_not_yours"
    http_status = 403
    message = N_("That playlist belongs to <@{owner_id}>. You can load it, but not change it.")


class PlaylistExists(SeraphimError):
    """The member has one of that name."""

    code = "music.playlist_exists"
    http_status = 409
    message = N_("You have a playlist “{name}” already. Choose another name.")


class PlaylistsFull(SeraphimError):
    """The member keeps too many."""

    code = "music.playlists_full"
    http_status = 409
    message = N_("You have {limit} playlists, and more cannot be kept. Delete one first.")


class NothingToSave(SeraphimError):
    """The queue is empty."""

    code = "music.nothing_to_save"
    http_status = 409
    message = N_("Nothing plays and nothing waits, so there is nothing to save.")


class PlaylistFileUnclear(SeraphimError):
    """An imported file that cannot be read."""

    code = "music.playlist_file_unclear"
    http_status = 422
    message = N_(
        "I cannot read that file. Take one from /playlist export, an M3U, or a text with one song "
        "or address a line, up to 2 MB."
    )


class HistoryOver(SeraphimError):
    """What was chosen from the history is too long ago."""

    code = "music.history_over"
    http_status = 404
    message = N_("That was too long ago: the history no longer has it. Use /play instead.")


class DirectMessagesClosed(SeraphimError):
    """The member takes no direct messages from the bot."""

    code = "music.direct_messages_closed"
    http_status = 409
    message = N_(
        "I cannot write to you: your direct messages are closed. Open them in this server's "
        "privacy settings, then try again."
    )
