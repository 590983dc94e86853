"""The nearest node with the least to do; addresses of nodes as people write them."""

import json

import pytest

from seraphim.adapters.lavalink.choice import distance, load, place_of
from seraphim.adapters.lavalink.filters import gain_of, mapped
from seraphim.adapters.lavalink.messages import Cpu, FrameStats, Memory, Stats
from seraphim.adapters.lavalink.place import Place
from seraphim.features.music.ports import FLAT_DB, Filters
from seraphim.kernel.config import ConfigInvalid, load_config
from seraphim.kernel.node_addresses import NodeAddress, NodesInvalid, parse_nodes

NEWARK = "c-ewr07-d2466d40.discord.media:443"


@pytest.mark.parametrize(
    ("endpoint", "place"),
    [
        (NEWARK, "ewr"),
        ("c-fra13-1234abcd.discord.media", "fra"),
        ("us-east1234.discord.media:443", "us-east"),
        ("rotterdam8034.discord.media", "rotterdam"),
        ("127.0.0.1:4000", None),
        ("", None),
    ],
)
def test_where_a_voice_server_stands(endpoint: str, place: str | None) -> None:
    assert place_of(endpoint) == place


@pytest.mark.parametrize(
    ("region", "penalties"),
    [
        ("ewr", 0),
        ("iad", 0),
        ("us-east", 0),
        ("us", 0),
        ("america", 0),
        (None, 25),
        ("us-west", 50),
        ("lax", 50),
        ("europe", 200),
        ("fra", 200),
        ("moon", 200),
    ],
)
def test_how_far_a_node_is(region: str | None, penalties: float) -> None:
    assert distance(region, NEWARK) == penalties


def _stats(*, playing: int = 0, cpu: float = 0.0, frames: FrameStats | None = None) -> Stats:
    return Stats(
        players=playing,
        playing_players=playing,
        uptime=1,
        memory=Memory(free=1, used=1, allocated=1, reservable=1),
        cpu=Cpu(cores=1, system_load=cpu, lavalink_load=cpu),
        frame_stats=frames,
    )


def test_how_busy_a_node_is() -> None:
    assert load(None, 3) == 3
    assert load(_stats(playing=10), 3) == 10
    assert load(_stats(playing=1), 3) == 3
    assert load(_stats(cpu=0.5), 0) == pytest.approx(1.05**50 * 10 - 10)
    missing = FrameStats(sent=2700, nulled=0, deficit=300)
    assert load(_stats(frames=missing), 0) == pytest.approx(1.03**50 * 600 - 600)
    silent = FrameStats(sent=2700, nulled=300, deficit=-300)
    assert load(_stats(frames=silent), 0) == pytest.approx(2 * (1.03**50 * 300 - 300))
    assert load(_stats(frames=FrameStats(sent=0, nulled=0, deficit=10**9)), 0) < float("inf")


def test_gains_are_lavaplayers() -> None:
    assert gain_of(0) == 0
    assert gain_of(6.0206) == pytest.approx(0.25, abs=1e-4)
    assert gain_of(-200) == pytest.approx(-0.25)
    assert gain_of(40) == 1.0


def test_a_recipe_becomes_lavalinks_filters() -> None:
    assert mapped(Filters()) == {}
    bands = (6.0206, *FLAT_DB[1:])
    sent = mapped(Filters(preset="nightcore", equalizer_db=bands))
    assert sent == {
        "equalizer": [{"band": 0, "gain": 0.25}],
        "timescale": {"speed": 1.2, "pitch": 1.2, "rate": 1.0},
    }
    assert mapped(Filters(preset="8d")) == {"rotation": {"rotationHz": 0.2}}
    assert set(mapped(Filters(preset="karaoke"))["karaoke"]) == {
        *("level", "monoLevel", "filterBand", "filterWidth")
    }
    assert mapped(Filters(preset="soft"))["lowPass"]["smoothing"] == pytest.approx(1.91, abs=0.01)
    assert mapped(Filters(preset="tremolo")) == {"tremolo": {"frequency": 5.0, "depth": 0.5}}
    assert mapped(Filters(preset="vibrato")) == {"vibrato": {"frequency": 6.0, "depth": 0.4}}


def test_a_place_counts_in_the_medium_while_the_node_counts_what_it_sent() -> None:
    place = Place(speed=2.0, length_ms=60_000)
    place.jump(10_000, at=0.0)
    place.run(0.0, runs=True)
    assert place.now(1.0) == 12_000
    place.report(11_500, at=1.5)
    assert place.now(1.5) == 13_000
    place.run(2.0, runs=False)
    assert place.now(9.0) == 14_000
    place.run(9.0, runs=True)
    assert place.now(100.0) == 60_000


def test_nodes_as_people_write_them() -> None:
    text = "eu=ws://pa%20ss@10.0.0.5?region=europe,\n us=wss://:word@lava.example.org six=ws://x@[::1]:99"
    assert parse_nodes(text.replace("%20", "%21")) == (
        NodeAddress("eu", "http://10.0.0.5:2333", "pa!ss", "europe"),
        NodeAddress("us", "https://lava.example.org:443", "word", None),
        NodeAddress("six", "http://[::1]:99", "x", None),
    )
    rows = [{"name": "eu", "url": "ws://h:1", "password": "p@ss", "region": "fra"}]
    assert parse_nodes(json.dumps(rows)) == (NodeAddress("eu", "http://h:1", "p@ss", "fra"),)
    assert parse_nodes("") == ()
    assert "p@ss" not in repr(parse_nodes(json.dumps(rows)))


def test_every_problem_of_the_nodes_is_told_at_once() -> None:
    text = "nonsense a=ws://h:1 a=ftp://p@h b=ws://p@h:99999 c=ws://p@h/path d=ws://p@h?zone=1 ü=ws://p@h"
    with pytest.raises(NodesInvalid) as caught:
        parse_nodes(text)
    assert len(caught.value.problems) == 7
    for rows in ('[{"name": 1}]', "[3]", "[", '[{"name": "a", "url": "ws://h", "zone": "x"}]'):
        with pytest.raises(NodesInvalid):
            parse_nodes(rows)
    with pytest.raises(NodesInvalid, match="named twice"):
        parse_nodes("a=ws://p@h:1 a=ws://p@h:2")


@pytest.mark.parametrize("password", ["youshallnotpass", "YouShallNotPass", "changeme"])
def test_production_refuses_the_password_everybody_knows(password: str) -> None:
    nodes = f"eu=ws://{password}@10.0.0.5"
    assert load_config({"SERAPHIM_LAVALINK_NODES": nodes}, None).lavalink_nodes
    with pytest.raises(ConfigInvalid, match="password of eu") as caught:
        load_config({"SERAPHIM_LAVALINK_NODES": nodes, "SERAPHIM_ENVIRONMENT": "production"}, None)
    assert password not in str(caught.value)
