"""What can be refused at a table, and the sentence that says so."""

from seraphim.kernel.errors import NotAllowed, NotFound, RateLimited, SeraphimError
from seraphim.kernel.marks import N_


class GameNotFound(NotFound):
    """No such game on this server."""

    code = "games.not_found"
    message = N_("I do not know this game. It may be very old.")

    def __init__(self) -> None:
        super().__init__(what="")


class GameOver(SeraphimError):
    """The click came after the end."""

    code = "games.over"
    http_status = 409
    message = N_("This game is over already.")


class ClickTooLate(SeraphimError):
    """The button belongs to an earlier step of the game; nothing was done."""

    code = "games.too_late"
    http_status = 409
    message = N_("That was a moment too late: the game has moved on. Nothing was done.")


class NotYourGame(NotAllowed):
    """Somebody else's table."""

    code = "games.not_yours"
    message = N_("This is not your game. Open one of your own.")


class MoveNotPossible(SeraphimError):
    """The rules do not allow this now; ``reason`` says why."""

    code = "games.move_not_possible"
    http_status = 409
    message = "{reason}"


class BetOutOfBounds(SeraphimError):
    """Less or more than this server allows."""

    code = "games.bet_out_of_bounds"
    http_status = 422
    message = N_("A bet here is between {low} and {high}.")


class LossLimitReached(SeraphimError):
    """The member may lose no more today."""

    code = "games.loss_limit"
    http_status = 403
    message = N_(
        "This bet could take you over this server's limit of {limit} lost in a day; you can still "
        "bet {left}. The day ends {ends}."
    )


class RoundsUsedUp(SeraphimError):
    """No more rounds of this game today."""

    code = "games.rounds_used_up"
    http_status = 403
    message = N_("You have used up your {rounds} rounds of today. The day ends {ends}.")


class GameCoolingDown(RateLimited):
    """The same game again so soon."""

    code = "games.cooldown"
    message = N_("One moment: this game again in {retry_after_seconds} s.")


class GameOff(NotAllowed):
    """The server's administrators have switched this game off."""

    code = "games.off"
    message = N_("This game is switched off on this server.")


class WrongChannel(NotAllowed):
    """Games are played elsewhere on this server."""

    code = "games.wrong_channel"
    message = N_("Games are played in {channels} on this server.")


class TooManyGames(SeraphimError):
    """The member has as many open games as anybody may."""

    code = "games.too_many_open"
    http_status = 409
    message = N_("You have {open} games open. Finish one of them first.")


class RoundOpen(SeraphimError):
    """The channel has an open round of this game already."""

    code = "games.round_open"
    http_status = 409
    message = N_("A round is open in this channel already. Join it, or wait for its end.")


class ClientSeedUnusable(SeraphimError):
    """Characters that would make the proof ambiguous."""

    code = "games.client_seed"
    http_status = 422
    message = N_("A seed is 1 to 64 letters, digits, hyphens or underscores.")


class SeedInUse(SeraphimError):
    """Revealing it now would show what is still to come."""

    code = "games.seed_in_use"
    http_status = 409
    message = N_(
        "A game with this seed is still open; it would show you what comes. Finish it first."
    )


class SeedStillSecret(SeraphimError):
    """The seed of the game is still in use."""

    code = "games.seed_secret"
    http_status = 409
    message = N_(
        "This game can be verified once its seed is public. Its hash is `{hash}`. "
        "/fair rotate reveals the seed and gives you a new one."
    )


class GameStillOpen(SeraphimError):
    """It is not over."""

    code = "games.still_open"
    http_status = 409
    message = N_("This game is still open. It can be verified when it is over.")
