"""Sight without leaks: logs carry traces and no secrets, metrics stay bounded."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import structlog

from seraphim.kernel.config import load_config
from seraphim.kernel.telemetry import (
    Metrics,
    configure_exporters,
    configure_logging,
    current_trace_id,
    get_logger,
    span,
    trace,
)
from seraphim.kernel.telemetry.logs import redact_text
from seraphim.kernel.telemetry.metrics import MAX_LABEL_SETS

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.GaaaaA.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
SECRETS = [
    TOKEN,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "whsec_" + "a" * 32,
    "sk-proj-" + "A1b2C3d4E5" * 3,
]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(load_config({"SERAPHIM_LOG_FORMAT": "json"}, None), stream)
    return stream


def test_a_line_has_its_event_level_time_and_trace(out: io.StringIO) -> None:
    with trace("00ff00ff00ff00ff"):
        get_logger("test").info("song started", guild_id=5)
    [line] = lines(out)
    assert line["event"] == "song started"
    assert (line["level"], line["guild_id"], line["trace_id"]) == ("info", 5, "00ff00ff00ff00ff")
    assert str(line["timestamp"]).endswith("Z")


def test_libraries_log_in_the_same_form(out: io.StringIO) -> None:
    logging.getLogger("some.library").warning("half of it is %s", "missing")
    [line] = lines(out)
    assert (line["event"], line["logger"]) == ("half of it is missing", "some.library")


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_never_reach_the_log(secret: str, form: str) -> None:
    out = io.StringIO()
    configure_logging(load_config({"SERAPHIM_LOG_FORMAT": form}, None), out)
    log = get_logger("test")
    message = f"failed with {secret}"
    log.warning(message, detail={"deep": [secret]}, url=f"https://x/?t={secret}")
    logging.getLogger("library").error("refused %s", secret)
    try:
        int(secret)
    except ValueError:
        log.exception("broken")
    assert "ValueError" in out.getvalue()
    assert secret not in out.getvalue()
    assert "[redacted]" in out.getvalue()


@pytest.mark.parametrize(
    "name", ["token", "bot_token", "client_secret", "password", "Authorization", "api_key", "dsn"]
)
def test_fields_named_like_secrets_are_hidden_whatever_they_hold(
    out: io.StringIO, name: str
) -> None:
    get_logger("test").info("x", **{name: "hunter2"}, inner={name: "hunter2"})
    assert "hunter2" not in out.getvalue()


def test_passwords_and_interaction_tokens_inside_addresses_are_hidden() -> None:
    assert redact_text("postgresql://seraphim:hunter2@db/x") == "postgresql://[redacted]@db/x"
    hidden = redact_text("POST /api/v10/webhooks/123456/aW50ZXJhY3Rpb246MTIzNDU2Nzg5MA/messages")
    assert hidden == "POST /api/v10/webhooks/123456/[redacted]/messages"
    assert redact_text("nothing to hide: 12:30 a.b.c") == "nothing to hide: 12:30 a.b.c"


def test_the_level_is_respected() -> None:
    stream = io.StringIO()
    configure_logging(load_config({"SERAPHIM_LOG_LEVEL": "warning"}, None), stream)
    get_logger("test").info("not this")
    get_logger("test").warning("but this")
    assert "not this" not in stream.getvalue()
    assert "but this" in stream.getvalue()


def test_traces_nest_and_end() -> None:
    assert current_trace_id() is None
    with trace() as outer:
        with trace("aaaaaaaaaaaaaaaa"):
            assert current_trace_id() == "aaaaaaaaaaaaaaaa"
        assert current_trace_id() == outer
    assert current_trace_id() is None


def test_metrics_are_rendered_and_shared_by_name() -> None:
    metrics = Metrics()
    metrics.counter("seraphim_songs_total", "Songs.", ("source",)).add(source="library")
    metrics.counter("seraphim_songs_total", "Songs.", ("source",)).add(2, source="library")
    metrics.histogram("seraphim_wait_seconds", "Wait.").observe(0.004)
    metrics.gauge("seraphim_players", "Players.").read_from(lambda: 7)
    body, kind = metrics.render()
    text = body.decode()
    assert 'seraphim_songs_total{source="library"} 3.0' in text
    assert 'seraphim_wait_seconds_bucket{le="0.005"} 1.0' in text
    assert "seraphim_players 7.0" in text
    assert kind.startswith("text/plain")


def test_labels_are_bounded() -> None:
    metrics = Metrics()
    counter = metrics.counter("seraphim_x_total", "X.", ("guild",))
    for number in range(MAX_LABEL_SETS + 50):
        counter.add(guild=str(number))
    text = metrics.render()[0].decode()
    assert text.count("seraphim_x_total{") == MAX_LABEL_SETS + 1
    assert 'seraphim_x_total{guild="other"} 50.0' in text


def test_without_configuration_nothing_is_exported_or_loaded() -> None:
    before = set(sys.modules)
    configure_exporters(load_config({}, None))()
    with span("anything", answer=42):
        pass
    assert not {
        name for name in set(sys.modules) - before if name.startswith(("opentel", "sentry"))
    }


def test_a_missing_library_is_a_warning_and_no_reason_not_to_start(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sentry_sdk", "opentelemetry.sdk.resources"):
        monkeypatch.setitem(sys.modules, name, None)
    config = load_config(
        {
            "SERAPHIM_SENTRY_DSN": "https://key@sentry.example/1",
            "SERAPHIM_OTLP_ENDPOINT": "http://127.0.0.1:1",
        },
        None,
    )
    configure_exporters(config)()
    found = lines(out)
    assert [line["what"] for line in found] == ["traces", "errors"]
    assert all("seraphim[telemetry]" in str(line["hint"]) for line in found)


def test_spans_are_sent_to_the_collector_when_one_is_configured() -> None:
    pytest.importorskip("opentelemetry.sdk", reason="the extra telemetry is not installed")
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    stop = configure_exporters(load_config({"SERAPHIM_OTLP_ENDPOINT": address}, None))
    with trace("abcdefabcdefabcd"), span("music.play", guild="5"):
        pass
    stop()
    server.shutdown()
    thread.join()
    server.server_close()
    assert [path for path, _ in received] == ["/v1/traces"]
    assert b"music.play" in received[0][1]
    assert b"abcdefabcdefabcd" in received[0][1]
