"""Who can receive coins, and who can be robbed."""

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.marks import N_


class IsYourself(SeraphimError):
    """The member has named themselves."""

    code = "economy.is_yourself"
    http_status = 422
    message = N_("That is you. Choose somebody else.")


class IsBot(SeraphimError):
    """Bots have no account."""

    code = "economy.is_bot"
    http_status = 422
    message = N_("Bots have no account, and no use for coins. Choose a person.")


class HasLeft(SeraphimError):
    """The person is not on the server."""

    code = "economy.has_left"
    http_status = 404
    message = N_("{member} is not on this server. Nothing has been moved.")
