"""Why a medium cannot be played reaches the listeners as a sentence that can be translated."""

from seraphim.adapters.voice_embedded.failure import explain
from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.ids import GuildId

SENTENCE = "The server answered with an error ({status})."


def test_a_sources_sentence_stays_a_message_id_with_its_parameters() -> None:
    failed = explain(SourceFailed(SENTENCE, failure="network", status=503))
    told = failed.of(GuildId(1), "playback", 1500)
    assert (told.reason, told.parameters) == (SENTENCE, {"status": 503})
    assert (told.failure, told.playback_id, told.position_ms) == ("network", "playback", 1500)
