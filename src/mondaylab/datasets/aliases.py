"""Aliases: two or three words that stand for an identifier, to be read, said and remembered: ``CopperLantern``.

No alias holds a digit, so that none is taken for a figure, and no word is a name or says anything about somebody. The
quarters of a year share no first word, so that rows of two of them never join by chance.

Learners' kernels import this module: it needs nothing.
"""

from __future__ import annotations

import re
from functools import cache

_FIRST = """
    alabaster alder almond amethyst anise apple apricot arctic aspen auburn azure bamboo barley basalt beech
    beryl braided bramble bronze burdock burgundy cactus camellia canvas caraway carbon cardamom carob cedar
    celery ceramic cerulean chalk charcoal checkered chestnut chicory chive chrome cinnamon citrine citrus
    claret clove clover cobalt coconut copper coriander cream crimson crocus cumin cyan cypress dill dotted dune
    ecru elder emerald enamel evening fennel fern flax flint folded fuchsia garnet ginger ginseng glazed gourd
    granite gypsum hibiscus hornbeam indigo iron juniper khaki knitted lapis larch laurel lavender leather lemon
    lilac lime limestone lotus lupin magenta magnolia mahogany malachite mallow mango maple marble marjoram
    maroon mica midday mint mist morning mulberry mustard myrtle nickel nutmeg oaken obsidian ochre onyx opal
    orange orchid oregano osier papaya paper parchment parsley parsnip peach pear pebble pecan pepper pewter
    pine pink pistachio plaid plane platinum plum polar polished poplar porcelain primrose pumice purple quartz
    quilted quince quinoa rhubarb rosehip saffron sandstone sapphire satin savanna scarlet sepia sequoia sesame
    shale slate soapstone sorghum sorrel spruce steel striped suede sycamore tamarind tarragon tartan taupe teak
    teal thyme tiled titanium topaz tulip turmeric turquoise tweed umber vanilla velvet verbena vermilion
    vetiver vine walnut wheat wicker wind wool zinc zinnia zircon
"""
_NOUNS = """
    anchor apron arbor arcade arch archive arrow atlas attic awning axle badge balcony ballad balloon banjo
    banner barge barn barometer barrel basin basket bassoon bazaar beacon beaker bellows bench bicycle biscuit
    blanket blender boat bobbin book bottle boulder bowl bracelet bracket braid breeze broom brush bucket buckle
    bugle bureau button cabin cable camera candle canoe canopy canyon cape carafe caravan carousel carpet cart
    cascade castle catamaran cavern cello chalet chimney chisel chord cinema circle citadel clarinet cliff cloak
    clock coaster comet compass concert cone copse corner cottage cove cradle crater crayon creek crest crown
    cruiser cube curtain cushion cymbal delta dial dome door dulcimer easel eaves echo eclipse engine envelope
    estuary fabric feather fjord flame flask flute foothill footpath forge fountain fresco frigate funnel gable
    galaxy galleon gallery gate gazebo gazette geyser glacier glade glider globe gondola gong gorge granary
    grotto grove guitar gulf hallway hammock hamper harbor harmonica harp harvest hedge highland hinge hoop
    horizon hourglass inlet jacket jetty kayak kettle kite knot ladle lagoon lamp lantern lattice lawn lens
    lever locket loft loom lute lyre mandolin mantel mast meadow medal mirror mitten moat monument mooring
    mosaic motor museum napkin necklace needle nest notebook oasis oboe opera orbit ornament paddle pail palace
    palette panel panorama pantry parade parasol parlor pasture patch patio pavilion pencil pendulum peninsula
    pergola piano pianola piccolo picture pillar pillow pinnacle pitcher planet plateau platform plough pond
    porch portal portrait pottery prism promenade propeller pulley puzzle pyramid quarry quay quilt quiver rack
    raft railing rainbow ranch ravine recipe reef reel ribbon road roof rope rotunda rudder runway saddle sail
    salon satchel saucer sauna scarf schooner scooter scroll sculpture shawl shelf shell shore shutter signal
    skein skylight sled sleeve slipper sluice sofa spindle spiral spool spoon spout stable stairs statue stencil
    stile stirrup stove straw stream studio sundial swing symphony tandem tapestry tassel teapot telescope tent
    terrace theater thicket thimble threshold tile timber toboggan torch tower trail tram tray trellis tripod
    trolley trombone trumpet trunk tugboat tunic tunnel turbine turret umbrella valley valve vase vault veranda
    vest viaduct village violin vista volcano voyage wagon waistcoat walkway wardrobe waterfall wharf wheel
    whistle windmill window workshop wreath xylophone yacht yard zephyr zither
"""
FIRST = tuple(_FIRST.split())
"""Materials, colours and plants; every fourth is one quarter's."""
NOUNS = tuple(_NOUNS.split())
"""Things, buildings and landscapes."""
_MOST_NOUNS = 6


def nouns_for(count: int) -> int:
    """How many nouns an alias needs so that `count` of them leave half of the possible ones free."""
    nouns, room = 1, len(FIRST) // 4 * len(NOUNS)
    while room < 2 * count:
        nouns, room = nouns + 1, room * len(NOUNS)
    return nouns


def spelled(number: int, quarter: int, nouns: int) -> str:
    """The alias that a large random number stands for.

    Args:
        number: The larger it may be, the less likely is each alias to be another's too.
        quarter: Which quarter of a year, 1 to 4: it has its own first words.
        nouns: How many nouns follow the first word.
    """
    first = FIRST[quarter - 1 :: 4]
    number, at = divmod(number, len(first))
    words = [first[at]]
    for _ in range(nouns):
        number, at = divmod(number, len(NOUNS))
        words.append(NOUNS[at])
    return "".join(word.capitalize() for word in words)


def looks_like_alias(text: str) -> bool:
    """Whether a text is such words, run together, in any case; up to four letters may stand before them."""
    return _pattern().fullmatch(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    first, nouns = "|".join(FIRST), "|".join(NOUNS)
    return re.compile(rf"[a-z]{{0,4}}(?:{first})(?:{nouns}){{1,{_MOST_NOUNS}}}", re.IGNORECASE | re.ASCII)
