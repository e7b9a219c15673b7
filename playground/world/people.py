"""People and bots: who there is, by id, by @name, by token."""

from __future__ import annotations

import re
import secrets
import string
from typing import Any

from playground.world.records import Account, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.world import World

FIRST_PERSON, FIRST_BOT = 1_000_001, 7_000_000_001
TOKEN_LETTERS = string.ascii_letters + string.digits + "_-"
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
PERSON_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")  # short ones are sold
BOTS_PER_PERSON, BOTS_PER_PREMIUM = 20, 40


def add_person(
    world: World,
    first_name: str,
    *,
    last_name: str | None = None,
    username: str | None = None,
    language_code: str | None = "en",
    is_premium: bool = False,
) -> Thing:
    """A new person, as a `User`."""
    if not first_name.strip():
        raise WrongCall("a person needs a first name")
    if username is not None:
        username = username.removeprefix("@")
        if not PERSON_USERNAME.fullmatch(username):
            raise WrongCall(f"{username!r} is no username: 3 to 32 letters, digits and underscores, a letter first")
        if username.lower() in world.usernames:
            raise WrongCall(f"the username @{username} is taken")
    person = Account(
        id=_next_id(world, is_bot=False),
        first_name=first_name.strip()[:64],
        last_name=last_name,
        username=username,
        language_code=language_code,
        is_premium=is_premium,
    )
    world.add(person)
    return user_of(person)


def add_bot(
    world: World, owner_id: int, name: str, username: str, *, can_manage_bots: bool = False
) -> tuple[Thing, str]:
    """What BotFather does: a new bot and its token."""
    owner = person(world, owner_id)
    bot = new_bot(world, owner, name, username)
    bot.can_manage_bots = can_manage_bots
    return user_of(bot), bot.token


def new_bot(world: World, owner: Account, name: str, username: str, manager: Account | None = None) -> Account:
    """A bot that this person owns from now on; raises WrongCall with Telegram's code when the form is refused."""
    username, name = username.removeprefix("@"), name.strip()
    if not 1 <= len(name) <= 64:
        raise WrongCall("NAME_INVALID: a bot's name has 1 to 64 characters")
    if not username.lower().endswith("bot"):
        raise WrongCall("USERNAME_SUFFIX_MISSING: a bot's username ends with 'bot'")
    if not USERNAME.fullmatch(username):
        raise WrongCall("USERNAME_INVALID: 5 to 32 letters, digits and underscores, a letter first, 'bot' at the end")
    if username.lower() in world.usernames:
        raise WrongCall(f"USERNAME_OCCUPIED: @{username} is taken")
    quota = BOTS_PER_PREMIUM if owner.is_premium else BOTS_PER_PERSON
    if sum(account.owner_id == owner.id for account in world.accounts.values()) >= quota:
        raise WrongCall(f"BOT_CREATE_LIMIT_EXCEEDED: {owner.first_name} has {quota} bots already")
    bot_id = _next_id(world, is_bot=True)
    bot = Account(
        id=bot_id,
        is_bot=True,
        first_name=name,
        username=username,
        owner_id=owner.id,
        manager_id=manager.id if manager else None,
        token=new_token(bot_id),
    )
    world.add(bot)
    return bot


def revoke(world: World, bot_id: int) -> str:
    """A new token; the old one is dead, and a poll under way with it ends in 401."""
    bot = bot_of(world, bot_id)
    world.tokens.pop(bot.token, None)
    bot.token = new_token(bot.id)
    world.tokens[bot.token] = bot
    world.changed(bot)
    world.queues.end_poll(bot.id, "Unauthorized")
    if bot.manager_id in world.accounts:
        tell_manager(world, bot)
    return bot.token


def tell_manager(world: World, bot: Account) -> None:
    """The `managed_bot` update: the bot was made, its token or its owner changed."""
    if bot.manager_id is None:
        return
    payload = {"user": user_of(world.accounts[bot.owner_id]), "bot": user_of(bot)}
    world.queues.push(bot.manager_id, "managed_bot", payload, lane=f"u{bot.owner_id}")


def new_token(bot_id: int) -> str:
    return f"{bot_id}:AA" + "".join(secrets.choice(TOKEN_LETTERS) for _ in range(33))


def _next_id(world: World, *, is_bot: bool) -> int:
    first = FIRST_BOT if is_bot else FIRST_PERSON
    taken = [account.id for account in world.accounts.values() if account.is_bot is is_bot]
    return max(taken, default=first - 1) + 1


def person(world: World, person_id: int) -> Account:
    account = world.accounts.get(person_id)
    if account is None or account.is_bot:
        raise WrongCall(f"there is no person {person_id}", 404)
    return account


def bot_of(world: World, bot_id: int) -> Account:
    account = world.accounts.get(bot_id)
    if account is None or not account.is_bot:
        raise WrongCall(f"there is no bot {bot_id}", 404)
    return account


def find(world: World, who: int | str) -> Account | Room:
    """The account or chat with this id or @name."""
    text = str(who)
    if text.lstrip("-").isdigit():
        number = int(text)
        found = world.accounts.get(number) or world.rooms.get(text)
    else:
        found = world.usernames.get(text.removeprefix("@").lower())
    if found is None:
        raise WrongCall(f"there is nobody called {text}", 404)
    return found


def user(world: World, account_id: int) -> Thing:
    """The `User` with this id."""
    account = world.accounts.get(account_id)
    if account is None:
        raise WrongCall(f"there is nobody with the id {account_id}", 404)
    return user_of(account)


def user_of(account: Account) -> Thing:
    """The account as a `User` inside updates and messages."""
    shown: Thing = {"id": account.id, "is_bot": account.is_bot, "first_name": display_name(account)}
    if account.last_name:
        shown["last_name"] = account.last_name
    if account.username:
        shown["username"] = account.username
    if account.language_code and not account.is_bot:
        shown["language_code"] = account.language_code
    if account.is_premium:
        shown["is_premium"] = True
    return shown


def own_contact(world: World, person_id: int) -> Thing:
    """The `Contact` a person shares of themselves, with the made-up number that is always theirs."""
    who = person(world, person_id)
    contact: Thing = {"phone_number": phone_of(person_id), "first_name": who.first_name}
    if who.last_name:
        contact["last_name"] = who.last_name
    return {**contact, "user_id": person_id}


def phone_of(person_id: int) -> str:
    """The made-up number of a person, in a range no country uses; the same each time."""
    return f"+9996{person_id % 10**7:07d}"


def display_name(account: Account, language: str | None = None) -> str:
    """The name to show; a bot's may differ by language."""
    return (language and account.names.get(language)) or account.names.get("") or account.first_name


def me_of(account: Account) -> Thing:
    """The bot as getMe shows it to itself."""
    return {
        **user_of(account),
        "can_join_groups": account.can_join_groups,
        "can_read_all_group_messages": account.can_read_all_group_messages,
        "supports_inline_queries": account.supports_inline_queries,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": account.can_manage_bots,
        "supports_guest_queries": False,
    }


def state(world: World) -> dict[str, Any]:
    """Everybody there is; no tokens."""
    from playground.world.rooms import chat_of

    people = [account for account in world.accounts.values() if not account.is_bot]
    bots = [_listed(account) for account in world.accounts.values() if account.is_bot]
    chats = [chat_of(world, room) for room in world.rooms.values() if not room.is_private]
    return {
        "me": user_of(people[0]) if people else None,
        "users": [user_of(p) for p in people],
        "bots": bots,
        "chats": chats,
    }


def _listed(bot: Account) -> Thing:
    listed = {**user_of(bot), "owner_id": bot.owner_id}
    if bot.manager_id is not None:
        listed["manager_id"] = bot.manager_id
    return listed
