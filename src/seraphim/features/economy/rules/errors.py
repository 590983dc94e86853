"""What the ledger refuses, each with the sentence for the member who asked."""

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.marks import N_


class InsufficientFunds(SeraphimError):
    """The account holds less than what should leave it."""

    code = "economy.insufficient_funds"
    http_status = 409
    message = N_("That takes {needed} coins; {balance} are there.")

    def __init__(self, *, balance: int, needed: int) -> None:
        self.balance = balance
        self.needed = needed
        super().__init__(balance=balance, needed=needed)


class AccountFrozen(SeraphimError):
    """An account is frozen: nothing leaves it and nothing comes in."""

    code = "economy.account_frozen"
    http_status = 403
    message = N_("The account of <@{user_id}> is frozen. A moderator can say why.")


class AmountInvalid(SeraphimError):
    """The text or number is no amount of coins that can be moved; ``reason`` says why."""

    code = "economy.amount_invalid"
    http_status = 422
    message = "{reason}"


class SelfTransfer(SeraphimError):
    """Source and target are the same account."""

    code = "economy.self_transfer"
    http_status = 422
    message = N_("That would move coins from an account to itself.")


class BalanceLimit(SeraphimError):
    """The receiving account would hold more than an account can."""

    code = "economy.balance_limit"
    http_status = 409
    message = N_("No account can hold more than {limit} coins.")


class EscrowEmpty(SeraphimError):
    """There is nothing in the escrow: it never held coins, or they have left it already."""

    code = "economy.escrow_empty"
    http_status = 409
    message = N_("Those coins have been paid out already.")


class EscrowClosed(SeraphimError):
    """The escrow has been paid out; it takes no more coins."""

    code = "economy.escrow_closed"
    http_status = 409
    message = N_("It is over already; nothing more can be put in.")


class IdempotencyConflict(SeraphimError):
    """A key was used again for another movement; nothing was moved."""

    code = "economy.idempotency_conflict"
    http_status = 409
    message = N_("This was done already, with another amount. Nothing was moved.")


class AnswerForgotten(SeraphimError):
    """A key is known whose answer went with a member who was forgotten; nothing was moved."""

    code = "economy.answer_forgotten"
    http_status = 409
    message = N_(
        "This happened before, and what it did has been forgotten since. Nothing was moved now."
    )
