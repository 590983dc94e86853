"""The questions of trivia, written for this program; the first answer is the right one.

Stored games name a question by its number in :data:`QUESTIONS`, so questions are only ever added at
the end: a finished game can be verified with every later version.
"""

from typing import Literal, NamedTuple, cast, get_args

type Difficulty = Literal["easy", "medium", "hard"]

CATEGORIES = (
    "science",
    "nature",
    "history",
    "geography",
    "arts",
    "technology",
    "food",
    "games",
)
_ANSWERS = 4


class Question(NamedTuple):
    """One question with four answers."""

    category: str
    difficulty: Difficulty
    text: str
    answers: tuple[str, ...]
    """The right one first."""


_BANK = """
# science
easy: Which planet is closest to the Sun?
Mercury / Venus / Mars / Earth
easy: What gas do green plants take in from the air to make sugar?
Carbon dioxide / Oxygen / Nitrogen / Helium
easy: At sea level, at how many degrees Celsius does pure water boil?
100 / 90 / 120 / 80
easy: What force pulls a dropped apple to the ground?
Gravity / Friction / Magnetism / Buoyancy
easy: How many bones does a typical adult human have?
206 / 180 / 250 / 312
easy: Which part of a cell holds most of its DNA?
The nucleus / The membrane / The ribosome / The cytoplasm
medium: Which element has the chemical symbol Na?
Sodium / Nickel / Nitrogen / Neon
medium: What does a barometer measure?
Air pressure / Humidity / Wind speed / Temperature
medium: Which planet spins in the opposite direction to Earth, so that its Sun rises in the west?
Venus / Mars / Jupiter / Mercury
medium: What kind of lens is thicker in the middle than at its edge?
Convex / Concave / Plane / Cylindrical
medium: Which blood cells carry oxygen?
Red cells / White cells / Platelets / Plasma cells
hard: What is the lightest element that is a metal at room temperature?
Lithium / Beryllium / Sodium / Hydrogen
hard: Which particle did J. J. Thomson discover in 1897?
The electron / The proton / The neutron / The photon
hard: What is the SI unit of luminous intensity?
Candela / Lumen / Lux / Becquerel
hard: Which moon of Saturn has a thick atmosphere made mostly of nitrogen?
Titan / Enceladus / Rhea / Mimas
hard: Which element besides mercury is liquid at 20 degrees Celsius?
Bromine / Iodine / Chlorine / Gallium
# nature
easy: How many legs does a spider have?
Eight / Six / Ten / Twelve
easy: Which is the largest animal that has ever lived, as far as we know?
Blue whale / African elephant / Whale shark / Giant squid
easy: What does a caterpillar become?
A butterfly or moth / A beetle / A dragonfly / A bee
easy: Which of these birds cannot fly?
Penguin / Swan / Gull / Stork
easy: What do bees collect from flowers to make honey?
Nectar / Resin / Seeds / Leaves
medium: Which mammal lays eggs?
Platypus / Kangaroo / Armadillo / Sloth
medium: What is a group of wolves that live and hunt together called?
A pack / A pride / A pod / A parliament
medium: Which tree grows from an acorn?
Oak / Beech / Chestnut / Walnut
medium: How many hearts does an octopus have?
Three / One / Two / Eight
medium: Which animal's young is called a joey?
Kangaroo / Rabbit / Otter / Hedgehog
medium: What is the name for animals that are active mainly at night?
Nocturnal / Diurnal / Dormant / Aquatic
medium: Which is the only big cat that regularly lives in groups called prides?
Lion / Leopard / Jaguar / Tiger
hard: From which plant family do tomatoes, potatoes and aubergines come?
Nightshades / Roses / Grasses / Legumes
hard: What is the largest living species of lizard?
Komodo dragon / Green iguana / Gila monster / Perentie
hard: Which whale carries a long spiral tusk?
Narwhal / Beluga / Orca / Sperm whale
hard: What substance makes up a rhinoceros horn?
Keratin / Ivory / Bone / Chitin
# history
easy: Which ancient people built the pyramids of Giza?
Egyptians / Romans / Aztecs / Greeks
easy: In which year did the Berlin Wall fall?
1989 / 1979 / 1991 / 1968
easy: Who was the first person to walk on the Moon?
Neil Armstrong / Buzz Aldrin / Yuri Gagarin / John Glenn
easy: Which ship sank on its first voyage in 1912?
Titanic / Lusitania / Bismarck / Mayflower
easy: Which empire did Julius Caesar's adopted heir Augustus rule?
The Roman / The Persian / The Ottoman / The Mongol
medium: In which city was Archduke Franz Ferdinand shot in 1914?
Sarajevo / Vienna / Belgrade / Budapest
medium: Who invented printing with movable metal type in Mainz in the fifteenth century?
Johannes Gutenberg / Albrecht Duerer / Martin Luther / Hans Holbein
medium: Which queen of Egypt allied herself with Mark Antony?
Cleopatra / Nefertiti / Hatshepsut / Berenice
medium: Which wall did the Romans build across northern Britain in the second century?
Hadrian's Wall / Offa's Dyke / Aurelian's Wall / Trajan's Wall
medium: What was the first artificial satellite, launched in 1957?
Sputnik 1 / Explorer 1 / Vostok 1 / Telstar 1
medium: Which country gave the Statue of Liberty to the United States?
France / Spain / Italy / Netherlands
hard: In which year did the Western Roman Empire's last emperor in Italy lose his throne?
476 / 410 / 395 / 527
hard: Which treaty of 1648 helped to end the Thirty Years' War?
Peace of Westphalia / Treaty of Utrecht / Peace of Augsburg / Treaty of Tilsit
hard: Who led the first expedition that sailed round the world, though he died on the way?
Ferdinand Magellan / Vasco da Gama / Francis Drake / James Cook
medium: Which scientist was the first to win Nobel Prizes in two different sciences?
Marie Curie / Linus Pauling / Niels Bohr / Frederick Sanger
hard: Which dynasty ruled China when the voyages of Zheng He took place?
Ming / Tang / Qing / Song
# geography
easy: What is the capital of France?
Paris / Lyon / Marseille / Nice
easy: Which ocean lies between Europe and North America?
Atlantic / Pacific / Indian / Arctic
easy: On which continent is the Sahara?
Africa / Asia / Australia / South America
easy: What is the highest mountain above sea level?
Mount Everest / K2 / Kilimanjaro / Mont Blanc
easy: Which country is shaped like a boot?
Italy / Greece / Portugal / Croatia
medium: What is the capital of Australia?
Canberra / Sydney / Melbourne / Perth
medium: Which river flows through Vienna, Budapest and Belgrade?
Danube / Rhine / Elbe / Vistula
medium: Which country has the most lakes?
Canada / Finland / Brazil / Kenya
medium: Which strait separates Spain from Morocco?
Gibraltar / Bosporus / Dover / Messina
medium: What is the smallest country in the world by area?
Vatican City / Monaco / San Marino / Nauru
medium: Which line of latitude is at zero degrees?
The equator / The prime meridian / The Tropic of Cancer / The Arctic Circle
hard: What is the capital of Kazakhstan?
Astana / Almaty / Tashkent / Bishkek
hard: Which African country is wholly surrounded by South Africa?
Lesotho / Eswatini / Botswana / Malawi
hard: Into which sea does the river Volga flow?
Caspian Sea / Black Sea / Aral Sea / Baltic Sea
hard: Which country has the longest coastline?
Canada / Indonesia / Norway / Russia
hard: On which island is Mount Kinabalu?
Borneo / Sumatra / Java / Luzon
# arts
easy: Who painted the Mona Lisa?
Leonardo da Vinci / Michelangelo / Raphael / Titian
easy: How many strings does a standard violin have?
Four / Five / Six / Three
easy: Who wrote the play Romeo and Juliet?
William Shakespeare / Christopher Marlowe / Oscar Wilde / John Milton
easy: Which colour do you get from mixing blue and yellow paint?
Green / Orange / Purple / Brown
easy: Which of these instruments has black and white keys?
Piano / Trumpet / Cello / Flute
medium: Which composer wrote the Ninth Symphony with the Ode to Joy?
Ludwig van Beethoven / W. A. Mozart / Joseph Haydn / Franz Schubert
medium: In which museum does the Mona Lisa hang?
The Louvre / The Prado / The Uffizi / The Hermitage
medium: Who wrote the novel Pride and Prejudice?
Jane Austen / Emily Bronte / George Eliot / Mary Shelley
medium: Which painter cut off part of his own ear?
Vincent van Gogh / Paul Gauguin / Claude Monet / Edvard Munch
medium: Which Greek poet is said to have told the Odyssey?
Homer / Hesiod / Sappho / Pindar
medium: What is the Japanese art of folding paper called?
Origami / Ikebana / Kabuki / Bonsai
medium: Which artist painted the ceiling of the Sistine Chapel?
Michelangelo / Raphael / Botticelli / Caravaggio
medium: In music, what does the Italian word "piano" ask a player to do?
Play softly / Play fast / Play slowly / Play loudly
hard: Who wrote the novel One Hundred Years of Solitude?
Gabriel Garcia Marquez / Jorge Luis Borges / Pablo Neruda / Isabel Allende
hard: How many lines does a sonnet have?
Fourteen / Twelve / Sixteen / Ten
hard: Which architect designed the Sagrada Familia in Barcelona?
Antoni Gaudi / Santiago Calatrava / Rafael Moneo / Le Corbusier
# technology
easy: What does a web browser show?
Web pages / Engine speed / Blood pressure / Room temperature
easy: How many bits are in a byte today?
Eight / Four / Ten / Sixteen
easy: Which key usually moves the cursor to a new line?
Enter / Shift / Escape / Control
easy: Which part of a computer do people type on?
Keyboard / Monitor / Speaker / Router
easy: What is used to point and click on a desktop computer?
A mouse / A scanner / A printer / A modem
medium: What number system uses only the digits 0 and 1?
Binary / Decimal / Octal / Hexadecimal
medium: Who proposed the World Wide Web at CERN in 1989?
Tim Berners-Lee / Vint Cerf / Bill Gates / Linus Torvalds
medium: Which protocol encrypts most web traffic today?
TLS / FTP / SMTP / ARP
medium: What does CPU stand for?
Central processing unit / Core program utility / Computed power unit / Common path unit
medium: Which language was designed by Guido van Rossum?
Python / Ruby / Java / Perl
medium: Which part of a computer forgets its contents when the power goes off?
RAM / Hard disk / DVD / Flash drive
hard: How much is one kibibyte?
1024 bytes / 1000 bytes / 512 bytes / 2048 bytes
hard: Whose notes on the Analytical Engine of 1843 hold what is often called the first program?
Ada Lovelace / Charles Babbage / Alan Turing / George Boole
hard: Which data structure returns what was put in last before everything else?
A stack / A queue / A heap / A linked ring
medium: Which number does the HTTP status "Not Found" have?
404 / 403 / 500 / 301
hard: What does the hexadecimal number FF mean in decimal?
255 / 256 / 240 / 127
# food
easy: Which fruit is dried to make raisins?
Grapes / Plums / Figs / Apricots
easy: What is the main ingredient of an omelette?
Eggs / Flour / Potatoes / Rice
easy: Which drink is made from roasted and ground beans?
Coffee / Tea / Cider / Lemonade
easy: From which animal's milk is most butter made?
Cow / Goat / Sheep / Horse
easy: Which vegetable makes people cry when they cut it?
Onion / Cucumber / Pumpkin / Lettuce
medium: Which spice gives paella its yellow colour?
Saffron / Cinnamon / Clove / Cardamom
medium: From which country does feta cheese come?
Greece / France / Denmark / Portugal
medium: What is hummus mainly made of?
Chickpeas / Lentils / Potatoes / Olives
medium: Which grain is used to make risotto?
Rice / Barley / Millet / Oats
medium: What makes bread dough rise?
Yeast / Salt / Butter / Sugar syrup
medium: What is tofu made from?
Soya beans / Wheat / Maize / Coconut
medium: Which nut is used to make marzipan?
Almond / Hazelnut / Pistachio / Walnut
hard: From the stigmas of which flower is saffron taken?
Crocus / Lily / Iris / Tulip
hard: What is the Japanese seaweed that wraps sushi rolls called?
Nori / Wasabi / Miso / Dashi
hard: Which sugar gives milk its slight sweetness?
Lactose / Fructose / Maltose / Glucose
hard: In which country did the croissant's forerunner, the kipferl, originate?
Austria / Belgium / Turkey / Spain
# games
easy: How many squares does a chess board have?
64 / 81 / 100 / 49
easy: In football, how many players does each team have on the field at the start?
Eleven / Nine / Ten / Twelve
easy: How many dots are there altogether on one ordinary die?
21 / 18 / 20 / 24
easy: How many cards are in a deck of playing cards without jokers?
52 / 48 / 54 / 36
easy: In which sport do people score with a hoop and a backboard?
Basketball / Volleyball / Handball / Water polo
medium: Which chess piece can jump over others?
Knight / Bishop / Rook / Queen
medium: How many rings are on the Olympic flag?
Five / Four / Six / Seven
medium: In darts, how many points is the bull's eye in the very centre worth?
50 / 25 / 60 / 100
medium: In tennis, what is a score of 40 to 40 called?
Deuce / Love / Ace / Advantage
medium: How long is a marathon, to the nearest kilometre?
42 / 40 / 45 / 38
medium: How many holes does a full round of golf have?
18 / 9 / 16 / 21
easy: Which player moves first in chess?
White / Black / The older one / The guest
hard: On a standard Go board, how many lines run each way?
19 / 13 / 15 / 21
medium: What is the highest score possible in ten-pin bowling?
300 / 200 / 250 / 360
hard: In which city were the first modern Olympic Games held in 1896?
Athens / Paris / London / Rome
medium: Numbers on opposite sides of an ordinary die always add up to what?
Seven / Six / Eight / Nine
"""


def _read(bank: str) -> tuple[Question, ...]:
    found: list[Question] = []
    category = ""
    difficulty, text = "", ""
    for line in bank.strip().splitlines():
        if line.startswith("# "):
            category = line.removeprefix("# ")
        elif not text:
            difficulty, _, text = line.partition(": ")
        else:
            answers = tuple(line.split(" / "))
            known = difficulty in get_args(Difficulty.__value__) and category in CATEGORIES
            if not known or len(answers) != _ANSWERS or len(set(answers)) != _ANSWERS:
                raise ValueError(f"the trivia question {text!r} is not well formed")
            found.append(Question(category, cast("Difficulty", difficulty), text, answers))
            text = ""
    return tuple(found)


QUESTIONS = _read(_BANK)
