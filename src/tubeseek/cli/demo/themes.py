"""Defines the themes of the demo's videos: which stamps belong together, and their titles.

A stamp goes to the first theme that takes it: its folder is one of `folders` and, if the theme has
`words`, its English description has one of them.
"""

from dataclasses import dataclass

from tubeseek.cli.demo.stamps import Stamp


@dataclass(frozen=True, slots=True)
class Channel:
    """An invented channel; its category is one of YouTube's own."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject for one or more videos."""

    slug: str
    english: str
    korean: str
    channel: Channel
    folders: tuple[str, ...]  # in the collection, with all that is below them
    words: frozenset[str] = frozenset()  # lower case; empty takes every stamp of the folders

    def takes(self, stamp: Stamp) -> bool:
        inside = any(f"{stamp.category}/".startswith(f"{folder}/") for folder in self.folders)
        tokens = stamp.english.lower().replace(".", " ").replace("!", " ").split()
        return inside and (not self.words or not self.words.isdisjoint(tokens))


ZOO = Channel("stamp-zoo", "Stamp Zoo", "Pets & Animals")
GARDEN = Channel("stamp-garden", "Stamp Garden", "Howto & Style")
KITCHEN = Channel("stamp-kitchen", "Stamp Kitchen", "Howto & Style")
WHEELS = Channel("stamp-wheels", "Stamps on Wheels", "Autos & Vehicles")
MUSEUM = Channel("stamp-museum", "The Stamp Museum", "Education")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FARM = _words(
    "cow bull goat ram sheep lamb pig donkey horse chicken hen rooster turkey duck gander dog "
    "rabbit zebu"
)
SAFARI = _words(
    "lion elephant giraffe hippopotamus rhino zebra gnu ostrich gorilla chimpanzee dromedary "
    "vulture tamarin tiger camel blackbuck"
)
FOREST = _words(
    "bear deer doe fox badger squirrel boars beaver owl hedgehog wapiti caribou marmot mouse "
    "bison mountaingoat ferret yak"
)
WATER = _words(
    "penguin pelican flamingo gull seagull heron dolphin orca otter whale frog iguana "
    "capybara sea drake crane"
)

THEMES = (
    Theme(
        "toys",
        "Toys",
        "장난감",
        MUSEUM,
        ("animals/mammals/bears", "people", "household", "vehicles/cycle"),
        _words("teddy doll rubber tricycle"),
    ),
    Theme("farm-animals", "Animals of the farm", "농장의 동물", ZOO, ("animals",), FARM),
    Theme("waterside", "By the water", "물가의 동물", ZOO, ("animals",), WATER),
    Theme("safari", "On safari", "사파리에서 만난 동물", ZOO, ("animals",), SAFARI),
    Theme("forest", "Animals of the forest", "숲속의 동물", ZOO, ("animals",), FOREST),
    Theme("sea", "Under the sea", "바닷속 생물", ZOO, ("animals/fish", "animals/shellfish")),
    Theme("birds", "Birds of the world", "세계의 새", ZOO, ("animals/birds",)),
    Theme("small-creatures", "Small creatures", "작은 생물", ZOO, ("animals/insects",)),
    Theme("far-away", "Animals from far away", "먼 나라의 동물", ZOO, ("animals",)),
    Theme("flowers", "Flowers in bloom", "활짝 핀 꽃", GARDEN, ("plants/flowers",)),
    Theme("plants", "Trees and plants", "나무와 식물", GARDEN, ("plants",)),
    Theme("fruit", "Fresh fruit", "신선한 과일", KITCHEN, ("food/fruit",)),
    Theme(
        "vegetables",
        "Vegetables and nuts",
        "채소와 견과",
        KITCHEN,
        ("food/vegetables", "food/nuts", "food/spices"),
    ),
    Theme(
        "treats",
        "Cakes and treats",
        "케이크와 간식",
        KITCHEN,
        ("food", "seasonal/christmas"),
        _words("cake pizza candy pudding roast pie"),
    ),
    Theme("in-the-kitchen", "In the kitchen", "부엌에서", KITCHEN, ("household/dishes",)),
    Theme("music", "Musical instruments", "악기 이야기", MUSEUM, ("hobbies/music",)),
    Theme("tools", "The tool shed", "공구 창고", MUSEUM, ("household/tools", "household/arttools")),
    Theme("home", "Around the house", "집 안의 물건", MUSEUM, ("household", "hobbies", "medical")),
    Theme("hats", "Hats and helmets", "모자와 투구", MUSEUM, ("clothes/hats", "clothes/armor")),
    Theme("space", "Planets and space", "행성과 우주", MUSEUM, ("space",)),
    Theme("sports", "Balls and sports", "공과 스포츠", MUSEUM, ("sports",)),
    Theme("castles", "Castles and towers", "성과 탑", MUSEUM, ("town",), _words("castle tower")),
    Theme("houses", "Houses and tents", "집과 천막", MUSEUM, ("town/houses", "town/cartoon")),
    Theme("monuments", "Monuments", "기념물", MUSEUM, ("town/monuments",)),
    Theme("christmas", "Christmas", "크리스마스", MUSEUM, ("seasonal/christmas",)),
    Theme("spring", "Easter and spring", "부활절과 봄", MUSEUM, ("seasonal/easter",)),
    Theme("signs", "Road signs", "도로 표지판", WHEELS, ("town/roadsigns",)),
    Theme(
        "flight-and-sea",
        "In the air and on the water",
        "하늘과 바다를 가다",
        WHEELS,
        ("vehicles/flight", "vehicles/ship"),
    ),
    Theme("trains", "Trains", "기차", WHEELS, ("vehicles/locomotive",)),
    Theme(
        "trucks",
        "Trucks at work",
        "일하는 트럭",
        WHEELS,
        ("vehicles",),
        _words("truck dumper tractor"),
    ),
    Theme("vehicles", "On the road", "길 위의 자동차", WHEELS, ("vehicles",)),
)

# The texts of the videos count as true when searches are measured, and readers of Korean see them.
# So these are left out: their Korean is wrong, misspelt or unusual, or they do not name a thing.
UNSUITABLE = frozenset(
    {
        "animals/birds/blackbird",
        "animals/birds/cartoon/pengwin",  # a sentence
        "animals/birds/ostrich",
        "animals/birds/quetzal",  # "bird"
        "animals/fish/butterflyfish",  # another fish
        "animals/fish/clownfish",  # "clown's words"
        "animals/fish/coraltrout",
        "animals/insects/Woodlouse",  # "a house made of wood"
        "animals/insects/cartoon/spider_fly",  # "speech bubble"
        "animals/insects/xanthia",  # "moth"
        "animals/mammals/ferret",  # "marten"
        "food/fruit/apple_fuji",  # "apple of Mount Fuji"
        "food/fruit/orange_seville",
        "food/fruit/sliced_lime",  # "sliced limestone"
        "food/vegetables/broccoli",  # a sentence in English
        "food/vegetables/tomato",
        "hobbies/binoculars",  # "telescope"
        "household/tools/plyers",
        "plants/flowers/appooppanthady",  # "an Indian plant"
        "plants/flowers/chemparathi",
        "plants/flowers/pigface",  # "flower"
        "plants/trees/rambutan",  # "an alien tree", in English too
        "seasonal/christmas/lamp",
        "seasonal/easter/bunny-egg",
        "space/planets/9_pluto",  # "Jupiter"
        "town/cartoon/docks",
        "town/houses/cartoon/circus",  # "teapot"
        "town/houses/cartoon/igloo",  # "mailbox"
        "town/houses/cartoon/tower_flag_red",
        "town/monuments/cartoon/eiffel_tower",
        "town/monuments/cartoon/obelisk",
        "town/roadsigns/arrow",  # the arrow of a bow
        "vehicles/emergency/sedan_police",  # a police car's lettering without the car
        "vehicles/locomotive/cartoon/tanker",  # a sentence in English
        "vehicles/locomotive/cartoon/tender",
    }
    | {f"plants/flowers/flower{number}" for number in range(1, 10)}  # "flower", like all others
)
