"""Whatever a server allows in its integrations page, only administrators reach the owners' view."""

import inspect
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from seraphim.features.economy.commands.owners_parts import OwnersParts, owners_parts
from seraphim.kernel.clock import ManualClock
from seraphim.surfaces.discord.commands import leaves
from seraphim.surfaces.discord.guards import MemberLacksPermission


@pytest.fixture
def parts() -> OwnersParts:
    nothing: Any = None
    kernel: Any = SimpleNamespace(
        db=None, clock=ManualClock(), ids=None, dice=None, settings=None, texts=None
    )
    return owners_parts(kernel, nothing, nothing, client=lambda: nothing)


def stranger() -> Any:
    """An interaction of somebody who may do everything but administrate."""
    held = discord.Permissions.all()
    held.administrator = False
    return SimpleNamespace(permissions=held, guild_id=1, id=2, user=SimpleNamespace(id=3))


async def test_no_command_works_without_the_right(parts: OwnersParts) -> None:
    member = SimpleNamespace(id=4, bot=False, mention="")
    values = {"member": member, "amount": "5", "reason": "x", "form": "csv", "days": 1}
    found: list[str] = []
    for group in parts.commands:
        for command in leaves(group):
            callback: Any = command.callback
            wanted = list(inspect.signature(callback).parameters)[1:]
            with pytest.raises(MemberLacksPermission):
                await callback(stranger(), *(values[name] for name in wanted))
            found.append(command.name)
    assert sorted(found) == [
        "add", "audit", "balance", "export", "freeze", "remove", "set", "supply", "unfreeze",
    ]  # fmt: skip


async def test_no_button_works_without_the_right(parts: OwnersParts) -> None:
    for component in parts.components:
        with pytest.raises(MemberLacksPermission):
            await component.handle(stranger(), ("7",))
    assert len(parts.components) == 2
