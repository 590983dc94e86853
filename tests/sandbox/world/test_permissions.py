"""Who may do what: overwrites, hierarchy, owner, administrator, time-out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discord_sandbox.world.constants import ALL_PERMISSIONS, ChannelType, Permission
from discord_sandbox.world.models import Channel, Guild, Member, Overwrite
from discord_sandbox.world.permissions import (
    can_act_on,
    can_manage_role,
    can_view,
    compute,
    compute_base,
    top_role,
)
from discord_sandbox.world.world import World

VIEW, SEND = int(Permission.VIEW_CHANNEL), int(Permission.SEND_MESSAGES)
BITS = st.integers(min_value=0, max_value=ALL_PERMISSIONS)


class House:
    """A guild with an owner, a member with one role, and a channel."""

    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.create_user("owner")
        self.guild: Guild = self.world.create_guild("house", self.owner)
        self.member: Member = self.world.add_member(self.guild, self.world.create_user("member"))
        self.role = self.world.create_role(self.guild, "role")
        self.member.role_ids.append(self.role.id)
        self.channel: Channel = self.world.create_channel(self.guild, "room")
        self.guild.everyone.permissions = VIEW | SEND

    def overwrite(self, target: int, kind: int, *, allow: int = 0, deny: int = 0) -> None:
        self.channel.overwrites[target] = Overwrite(target, kind, allow, deny)

    @property
    def bits(self) -> int:
        return compute(self.guild, self.member, self.channel)


@pytest.fixture
def house() -> House:
    return House()


def test_base_is_everyone_and_roles_together(house: House) -> None:
    house.role.permissions = int(Permission.KICK_MEMBERS)
    assert compute_base(house.guild, house.member) == VIEW | SEND | Permission.KICK_MEMBERS


def test_owner_and_administrator_may_everything_whatever_overwrites_say(house: House) -> None:
    house.overwrite(house.guild.id, 0, deny=ALL_PERMISSIONS)
    owner = house.guild.members[house.owner.id]
    assert compute(house.guild, owner, house.channel) == ALL_PERMISSIONS
    assert house.bits == 0
    house.role.permissions = int(Permission.ADMINISTRATOR)
    assert house.bits == ALL_PERMISSIONS


def test_role_overwrites_win_over_everyone_and_members_over_roles(house: House) -> None:
    house.overwrite(house.guild.id, 0, deny=SEND)
    assert house.bits == VIEW
    house.overwrite(house.role.id, 0, allow=SEND)
    assert house.bits == VIEW | SEND
    house.overwrite(house.member.id, 1, deny=SEND)
    assert house.bits == VIEW


def test_allow_of_one_role_wins_over_deny_of_another(house: House) -> None:
    other = house.world.create_role(house.guild, "other")
    house.member.role_ids.append(other.id)
    house.overwrite(house.role.id, 0, deny=SEND)
    house.overwrite(other.id, 0, allow=SEND)
    assert house.bits & SEND


def test_who_cannot_see_may_nothing(house: House) -> None:
    house.overwrite(house.guild.id, 0, deny=VIEW)
    assert house.bits == 0
    assert not can_view(house.guild, house.member.id, house.channel)
    assert can_view(house.guild, house.owner.id, house.channel)


def test_without_sending_embeds_and_files_are_lost(house: House) -> None:
    house.guild.everyone.permissions |= int(Permission.EMBED_LINKS | Permission.ATTACH_FILES)
    house.overwrite(house.guild.id, 0, deny=SEND)
    assert house.bits == VIEW


def test_without_connecting_speaking_is_lost(house: House) -> None:
    house.channel.type = ChannelType.GUILD_VOICE
    house.guild.everyone.permissions |= int(Permission.CONNECT | Permission.SPEAK)
    assert house.bits & Permission.SPEAK
    house.overwrite(house.guild.id, 0, deny=int(Permission.CONNECT))
    assert not house.bits & Permission.SPEAK


def test_thread_takes_its_parents_overwrites(house: House) -> None:
    thread = house.world.create_thread(house.channel, house.owner, "t")
    house.overwrite(house.guild.id, 0, deny=VIEW)
    assert compute(house.guild, house.member, thread) == 0


def test_private_thread_is_for_its_members(house: House) -> None:
    thread = house.world.create_thread(house.channel, house.owner, "t", 12)
    assert not can_view(house.guild, house.member.id, thread)
    house.world.add_thread_member(thread, house.member.user)
    assert can_view(house.guild, house.member.id, thread)


def test_time_out_leaves_looking_until_it_ends(house: House) -> None:
    now = house.world.clock.now()
    house.guild.everyone.permissions |= int(Permission.READ_MESSAGE_HISTORY)
    house.member.timeout_until = now + timedelta(seconds=10)
    during = compute(house.guild, house.member, house.channel, now=now)
    assert during == VIEW | Permission.READ_MESSAGE_HISTORY
    after = compute(house.guild, house.member, house.channel, now=now + timedelta(seconds=10))
    assert after & SEND


def test_hierarchy(house: House) -> None:
    guild, owner = house.guild, house.guild.members[house.owner.id]
    other = house.world.add_member(guild, house.world.create_user("other"))
    assert not can_act_on(guild, house.member, owner)
    assert can_act_on(guild, owner, house.member)
    assert can_act_on(guild, house.member, other)
    assert not can_act_on(guild, other, house.member)
    assert not can_act_on(guild, house.member, house.member)
    assert not can_manage_role(guild, house.member, house.role)
    assert can_manage_role(guild, owner, house.role)
    assert top_role(guild, other) is guild.everyone


def test_at_the_same_position_the_older_role_is_higher(house: House) -> None:
    younger = house.world.create_role(house.guild, "younger")
    younger.position = house.role.position
    house.member.role_ids.append(younger.id)
    assert top_role(house.guild, house.member) is house.role


@given(base=BITS, everyone=st.tuples(BITS, BITS), personal=st.tuples(BITS, BITS))
def test_a_member_overwrite_has_the_last_word(
    base: int, everyone: tuple[int, int], personal: tuple[int, int]
) -> None:
    house = House()
    house.guild.everyone.permissions = base & ~int(Permission.ADMINISTRATOR)
    house.overwrite(house.guild.id, 0, allow=everyone[0], deny=everyone[1])
    house.overwrite(house.member.id, 1, allow=personal[0] | VIEW | SEND, deny=personal[1])
    wanted = personal[0] | VIEW | SEND
    assert house.bits & wanted == wanted
    denied_only = personal[1] & ~wanted
    assert not house.bits & denied_only
