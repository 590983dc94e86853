"""Coins that cannot be lost: ledger, earning, shop, and what owners see of it."""
