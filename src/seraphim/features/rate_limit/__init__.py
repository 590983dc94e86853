"""What a member has left of the command limit, for administrators to see and to refill."""
