"""The command line: every way to start something, and what a refusal looks like.

Exit codes: 0 stopped in order, 1 refused to start (the sentence is on standard error), 2 wrong
command line, 130 interrupted before it was ready.
"""

import asyncio
import gc
import sys
from collections.abc import Coroutine

import cyclopts

from seraphim import __version__
from seraphim.app.demo import Demo
from seraphim.kernel.config import Config, ConfigInvalid, load_config
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.instance import InstanceGuard

cli = cyclopts.App(
    name="seraphim",
    help="A self-hosted Discord community bot. Without DISCORD_TOKEN it brings its own Discord.",
    version=__version__,
)


def main() -> None:
    """Run the command line; a business error becomes one sentence and exit code 1."""
    try:
        cli()
    except ConfigInvalid as error:
        sys.exit(f"{error}")
    except SeraphimError as error:
        sys.exit(f"Seraphim did not start. {error} [{error.code}]")
    except KeyboardInterrupt:
        sys.exit(130)


@cli.default
@cli.command
def run() -> None:
    """Start the bot: on Discord with DISCORD_TOKEN, otherwise on a local Discord of its own."""
    config = load_config()
    if config.discord_token is None:
        _start_demo(config)
    else:
        _start(config)


@cli.command
def demo() -> None:
    """Start the bot on a local Discord, whether or not there is a token."""
    _start_demo(load_config())


@cli.command
def migrate() -> None:
    """Bring the database up to date, and end."""
    from seraphim.kernel.migrate import migrate as bring_up_to_date  # noqa: PLC0415 - only here

    config = load_config()
    _run(bring_up_to_date(config.database_url))
    sys.stdout.write("The database is up to date.\n")


@cli.command(name="env-example")
def env_example() -> None:
    """Print every setting with its meaning, as a .env file."""
    from seraphim.kernel.config import render_env_example  # noqa: PLC0415 - only here

    sys.stdout.write(render_env_example(Config))


def _start(config: Config) -> None:
    gc.disable()  # until it is ready: nothing made on the way is garbage
    from seraphim.app.lifecycle import serve  # noqa: PLC0415 - the help should not wait for it

    _run(serve(config))


def _start_demo(config: Config) -> None:
    gc.disable()  # until it is ready: nothing made on the way is garbage
    guard = InstanceGuard(config.data_dir)
    guard.acquire()  # a second start should say so before it starts a second sandbox
    guard.release()
    demo = Demo(config.data_dir, config.demo_port)
    try:
        from seraphim.app.lifecycle import serve_demo  # noqa: PLC0415 - while the sandbox starts

        _run(serve_demo(config, demo))
    finally:
        demo.stop()


def _run(work: Coroutine[object, object, object]) -> None:
    """Run on uvloop where it exists; it carries more sockets on the same core."""
    try:
        import uvloop  # noqa: PLC0415 - absent on Windows
    except ImportError:
        asyncio.run(work)
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
