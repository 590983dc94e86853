"""What can go wrong between the bot and a node."""


class NodeUnreachable(Exception):
    """No answer: the node is down, hangs, or the network is broken."""


class NodeRefused(Exception):
    """The node has answered with an error.

    Args:
        status: The HTTP status.
        message: What the node says.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message
