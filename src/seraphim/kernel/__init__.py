"""What every feature stands on: no feature, no Discord, no HTTP in here."""
