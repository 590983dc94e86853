"""One guild's player: what it should do, and the node that is told.

Every verb changes the wish and then compares it with what the node has been told; the difference
is one request. When the node dies, nothing has been told to the next one, and the difference is
everything: track, position, volume, filters, pause and voice in one request.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from msgspec import UNSET, UnsetType

from seraphim.adapters.lavalink import explain
from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.house import PlayerHouse
from seraphim.adapters.lavalink.messages import (
    Json,
    Player,
    PlayerState,
    PlayerUpdate,
    Track,
    TrackEnded,
    TrackUpdate,
)
from seraphim.adapters.lavalink.node import Node
from seraphim.adapters.lavalink.place import Place
from seraphim.adapters.lavalink.voice import Credentials
from seraphim.adapters.lavalink.wish import (
    Load,
    Said,
    Wish,
    after_end,
    at_state,
    difference,
    found,
    has_ended,
    place_left,
    playback_of,
)
from seraphim.features.music.ports import (
    FailureClass,
    Media,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    SourceFailed,
)
from seraphim.kernel.ids import GuildId

_log = structlog.get_logger(__name__)
_BAD_REQUEST, _GONE = 400, 404
_BACK_MS = 1_500
"""A node that skips to so much before the place where it should be has gone back."""


class GuildPlayer:
    """Plays one guild's music on whichever node it has been given.

    Args:
        house: What all players share.
        guild_id: The guild.
    """

    def __init__(self, house: PlayerHouse, guild_id: GuildId) -> None:
        self.guild_id = guild_id
        self.node: Node | None = None
        self.credentials = Credentials()
        self._house = house
        self._loop = asyncio.get_running_loop()
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wish = Wish()
        self._said = Said()
        self._place = Place()
        self._node_time = 0
        """The node's clock at its last answer: older words are of a state that is over."""
        self._left_over: Player | None = None
        """What a node was playing when this process began, until the first play."""

    # What the backend asks

    @property
    def loaded(self) -> bool:
        """Whether there is a track."""
        return self._wish.load is not None

    @property
    def playing(self) -> bool:
        """Whether a track is sounding, or should be."""
        return self._wish.load is not None and not self._wish.paused

    @property
    def position_ms(self) -> int | None:
        """How far the track is, or None without one."""
        return None if self._wish.load is None else self._place.now(self._loop.time())

    def play(
        self,
        media: Media,
        *,
        playback_id: str,
        position_ms: int,
        volume: int,
        filters: Json,
        speed: float,
        paused: bool,
    ) -> None:
        """Replace the track; trouble arrives as PlaybackFailed."""
        load = Load(playback_id, media, media.location if media.kind == "node" else None)
        left_over, self._left_over = self._left_over, None
        now = self._loop.time()
        self._wish = Wish(load, volume, filters, paused)
        if has_ended(left_over, load):
            self._wish.load = self._said.load = None
            self._house.emit(PlaybackEnded(self.guild_id, playback_id))
            return
        place = place_left(left_over, load, position_ms, now)
        if place is not None:
            self._place, self._said.load = place, load
            if self._place.speed != speed:
                self._place.jump(self._place.now(now), now)
                self._place.speed, self._wish.jumps = speed, self._said.jumps + 1
            self._place.run(now, runs=not paused)
        else:
            self._place = Place(speed=speed)
            self._place.jump(position_ms, now)
        self.spawn(self.sync())

    async def pause(self, *, paused: bool) -> None:
        """Hold, or go on."""
        if self._wish.load is None or self._wish.paused == paused:
            return
        self._wish.paused = paused
        if paused or self._said.load is self._wish.load:
            self._place.run(self._loop.time(), runs=not paused)
        await self.sync()

    async def stop(self) -> None:
        """Take the track off the node."""
        self._left_over = None
        self._wish.load = None
        await self.sync()

    async def seek(self, position_ms: int) -> None:
        """Jump within the track."""
        if self._wish.load is not None:
            self._place.jump(max(0, position_ms), self._loop.time())
            self._wish.jumps += 1
            await self.sync()

    async def go_back(self, milliseconds: int) -> None:
        """Play a little once more; a live stream, which has no length, goes on where it is."""
        if self._wish.load is not None and self._place.length_ms is not None:
            await self.seek(self._place.now(self._loop.time()) - milliseconds)

    async def set_volume(self, percent: int) -> None:
        """Change the loudness."""
        self._wish.volume = percent
        await self.sync()

    async def set_filters(self, filters: Json, speed: float) -> None:
        """Change the sound, and jump to where it is.

        A node has up to five seconds of sound ready that were made with the old filters; a jump
        throws them away, so that the change is heard at once.
        """
        if self._wish.load is None:
            return
        now = self._loop.time()
        self._place.jump(self._place.now(now), now)
        self._place.speed = speed
        self._wish.filters = filters
        self._wish.jumps += 1
        await self.sync()

    # The node

    def move_to(self, node: Node | None, *, at: float | None = None) -> None:
        """Go on with another node, or wait for one.

        Args:
            node: The node, or None.
            at: When the sound broke off (loop time); now by default.
        """
        self._place.run(self._loop.time() if at is None else at, runs=False)
        self.node = node
        self._said = Said()
        self._node_time = 0
        if node is not None:
            self.spawn(self.sync())

    def adopt(self, node: Node, player: Player) -> None:
        """Take over what a node is playing since before this process began."""
        self.node, self._left_over = node, player
        self._said = found(player)

    def compare(self, player: Player | None) -> None:
        """Look, after the connection was taken up again, what the node still does."""
        if player is None:
            self._said, self._left_over = Said(), None
            self.spawn(self.sync())
            return
        load = self._wish.load
        ours = load is not None and playback_of(player.track) == load.playback_id
        before, self._said = self._said, found(player)
        self._said.filters, self._said.jumps = before.filters, before.jumps
        self._said.note = before.note
        if ours:
            self._said.load = load
            self._report(player.state)
        self.spawn(self.sync())

    async def sync(self) -> None:
        """Tell the node what it has not been told; waits for its answer."""
        async with self._lock:
            for _ in range(3):
                if not await self._sync():
                    return

    async def _sync(self) -> bool:
        """Send one difference; returns whether there may be another."""
        node, wish, voice = self.node, self._wish, self.credentials.complete()
        if node is None or node.session_id is None or voice is None:
            return False
        load, jumps = wish.load, wish.jumps
        encoded = load.encoded if load is not None else None
        note = None if load is None else self._note(load)
        try:
            track = await self._track(load, note)
        except SourceFailed as error:
            if load is not None:
                self._fail(load, error.failure, str(error))
            return True
        is_new = load is not None and load is not self._said.load
        if is_new and load is not None and load.media.kind == "node":
            await self._house.before_track(node, self.guild_id)
        update = difference(wish, self._said, voice, track, self._place.now(self._loop.time()))
        if update == PlayerUpdate():
            return False
        tuning = self._house.tuning
        seconds = tuning.load_seconds if is_new else tuning.request_seconds
        try:
            answer = await node.ask(
                node.rest.update_player(
                    node.session_id, self.guild_id, update, timeout_seconds=seconds
                )
            )
        except NodeUnreachable as error:
            _log.warning("lavalink.not_told", node=node.name, error=str(error))
            if node.ready and node is self.node and is_new and load is not None:
                self._fail(load, "network", explain.SLOW)
            return False
        except NodeRefused as error:
            return self._refused(node, error, load, encoded)
        if node is self.node:
            self._said.load, self._said.jumps, self._said.note = load, jumps, note
            self._said.accepted(update)
            self._accepted(answer, load)
        return True

    def _note(self, load: Load) -> Json:
        """What stands beside the track on the node, for a process that takes it over."""
        return {"playback": load.playback_id, "media": load.digest, **self._place.noted()}

    async def _track(self, load: Load | None, note: Json | None) -> TrackUpdate | UnsetType:
        if load is None:
            untouched = self._said.load is None or self._left_over is not None
            return UNSET if untouched else TrackUpdate(encoded=None)
        user_data = note or {}
        if load is self._said.load:
            return UNSET if note == self._said.note else TrackUpdate(user_data=user_data)
        if load.encoded is not None:
            return TrackUpdate(encoded=load.encoded, user_data=user_data)
        identifier = await self._house.identify(load.media)
        return TrackUpdate(identifier=identifier, user_data=user_data)

    def _accepted(self, answer: Player, load: Load | None) -> None:
        if load is None or answer.track is None:
            return
        load.encoded = answer.track.encoded
        if load is self._wish.load:
            if not answer.track.info.is_stream:
                self._place.length_ms = answer.track.info.length
            self._node_time = answer.state.time
            if self._wish.jumps == self._said.jumps:
                self._report(answer.state)

    def _refused(
        self, node: Node, error: NodeRefused, load: Load | None, encoded: str | None
    ) -> bool:
        _log.warning("lavalink.refused", node=node.name, status=error.status, says=error.message)
        if error.status == _GONE:
            return False  # not the song but the session; that the node is gone is told soon
        if load is None or load is not self._wish.load or load is self._said.load:
            return False
        if encoded is not None and error.status == _BAD_REQUEST:
            load.encoded = None  # this node cannot read what another has encoded
            return True
        failure = explain.classify(error.message)
        self._fail(load, failure, explain.SENTENCES[failure])
        return True

    # What the node says

    def updated(self, state: PlayerState) -> None:
        """Take over a position."""
        if self._left_over is not None and self._left_over.track is not None:
            self._left_over = at_state(self._left_over, state)
        is_ours = self._wish.load is not None and self._said.load is self._wish.load
        if is_ours and state.time >= self._node_time and self._wish.jumps == self._said.jumps:
            self._report(state)

    def started(self, track: Track) -> None:
        """Note that a track has begun."""
        load = self._wish.load
        if load is None or playback_of(track) != load.playback_id or load.started:
            return
        load.started = True
        self._house.emit(PlaybackStarted(self.guild_id, load.playback_id))

    @property
    def playback_of_node(self) -> str | None:
        """The playback of a track that the node itself has found; None for everything else."""
        load = self._wish.load
        return load.playback_id if load is not None and load.media.kind == "node" else None

    def skipped(self, to_ms: int) -> bool:
        """Follow where the node has jumped by itself; False for a jump back, which is undone."""
        now = self._loop.time()
        forward = to_ms > self._place.now(now) - _BACK_MS
        if forward:
            self._place.jump(to_ms, now)
        else:
            self._wish.jumps += 1
        self.spawn(self.sync())
        return forward

    def complained(self, track: Track, message: str) -> None:
        """Keep what the node says of a track; its end follows."""
        load = self._wish.load
        if load is not None and playback_of(track) == load.playback_id:
            load.complaint = message or "unknown"

    def stuck(self, track: Track) -> None:
        """Give up a track from which no sound comes."""
        load = self._wish.load
        if load is not None and playback_of(track) == load.playback_id:
            self._fail(load, "network", explain.STUCK)
            self.spawn(self.sync())

    def ended(self, event: TrackEnded) -> None:
        """Note the end of a track: of ours, and not because we wanted it."""
        if self._left_over is not None:
            self._left_over = after_end(self._left_over, event)
        load = self._wish.load
        if load is None or playback_of(event.track) != load.playback_id:
            return
        # After a failure in the middle lavaplayer says "finished" too.
        if event.reason == "finished" and not load.complaint:
            self._wish.load = self._said.load = None
            self._house.emit(PlaybackEnded(self.guild_id, load.playback_id))
        elif event.reason in {"finished", "loadFailed", "cleanup"}:
            _log.warning("lavalink.track_failed", reason=event.reason, says=load.complaint)
            failure = explain.classify(load.complaint)
            self._said.load = None
            self._fail(load, failure, explain.SENTENCES[failure])

    def _report(self, state: PlayerState) -> None:
        now = self._loop.time()
        self._place.report(state.position, now)
        self._place.run(now, runs=state.connected and not self._wish.paused)

    def _fail(self, load: Load, failure: FailureClass, reason: str) -> None:
        if self._wish.load is not load:
            return
        position = self._place.now(self._loop.time())
        self._wish.load = None
        self._house.emit(PlaybackFailed(self.guild_id, load.playback_id, failure, reason, position))

    # Small things

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something until :meth:`drop`."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def drop(self) -> None:
        """End it: nothing is told any more, to the node or to the listener."""
        self._wish.load = self._said.load = self._left_over = None
        for task in tuple(self._tasks):
            task.cancel()
