"""What happened while somebody earned: one of these lines is told with every payment."""

from collections.abc import Mapping

from seraphim.kernel.marks import N_

WORK: Mapping[str, str] = {
    "baker": N_("🥐 You baked bread before sunrise. The whole street smells of it."),
    "courier": N_("🚲 You carried parcels through the rain, and every one arrived dry."),
    "gardener": N_("🌷 You planted three hundred tulips in one straight line."),
    "barista": N_("☕ You drew a swan into the milk foam. They tipped for the swan."),
    "coder": N_("💻 You fixed a bug that nobody else could see."),
    "lighthouse": N_("🗼 You kept the lighthouse burning through the storm."),
    "librarian": N_("📚 You found the book that had been missing for eleven years."),
    "vet": N_("🐢 You taught a shy tortoise to take its medicine."),
    "musician": N_("🎻 You played under the bridge until the last tram had gone."),
    "astronomer": N_("🔭 You counted stars for the observatory and lost count only twice."),
}
BEG: Mapping[str, str] = {
    "grandmother": N_("👵 A grandmother emptied her purse and kept only the peppermint."),
    "busker": N_("🎩 A street magician pulled some coins out of your own ear."),
    "tourist": N_("📸 A tourist took you for a sight and paid for the picture."),
    "child": N_("🧒 A child shared half of the pocket money with you."),
    "fountain": N_("⛲ You fished for wishes in the fountain. Nobody looked."),
    "poet": N_("🖋️ A poor poet gave you everything but the poem."),
    "pigeon": N_("🕊️ A pigeon dropped a coin on your head. And another one."),
    "knight": N_("🛡️ A knight on the way to a dragon had no use for small change."),
}
CRIME_WON: Mapping[str, str] = {
    "museum": N_("🖼️ You swapped the painting for a better one that you had made yourself."),
    "casino": N_("🎲 You beat the casino with its own loaded dice."),
    "cheese": N_("🧀 You rolled a wheel of cheese out of the warehouse, whistling."),
    "train": N_("🚂 You held up the night train and apologised to every passenger."),
    "bank": N_("🏦 You left the vault as you found it, only lighter."),
    "moon": N_("🌙 You sold the moon to somebody who did not ask for papers."),
}
CRIME_LOST: Mapping[str, str] = {
    "alarm": N_("🚨 The alarm was louder than the plan was good."),
    "dog": N_("🐕 The watchdog was not asleep, only polite."),
    "disguise": N_("🥸 Everybody knew you in spite of the moustache."),
    "getaway": N_("🛴 The getaway scooter had an empty battery."),
    "twin": N_("👯 You blamed your twin. You have no twin."),
    "parking": N_("🅿️ They let you go for the theft and fined you for the parking."),
}
STORIES: Mapping[str, str] = {**WORK, **BEG, **CRIME_WON, **CRIME_LOST}
"""All of them by their keys, which are stored with the payment."""
