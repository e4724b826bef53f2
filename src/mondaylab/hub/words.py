"""256 short words that are easy to read out and to type: what generated passwords are made of."""

from __future__ import annotations

_TEXT = """
acorn agate alder almond amber anchor anvil apple apron arbor arrow ashen aspen atlas attic autumn badge bagel baker
balsa bamboo banjo barley barn basil basin basket beacon beech beetle bell berry birch bison blanket blossom bonnet
border bottle boulder bramble branch brass bread breeze brick bridge brook broom bucket button cabin cable cactus
camel candle canoe canvas canyon carbon cargo carpet castle cedar cellar chalk cherry chestnut chimney cider cinder
circle citrus clover cobalt coffee comet compass copper coral cotton cradle crane crater cricket crown crystal
cymbal daisy dapple delta denim desert diamond dolphin donkey drawer dune eagle easel echo elbow ember engine falcon
feather fennel fern fiddle field finch flagon flint flute forest fossil fountain fox galaxy garden garlic garnet
ginger glacier globe goose granite grape gravel grove guitar hammer harbor harvest hazel heather hedge helmet heron
hickory hollow honey horizon hornet indigo inlet iris island ivory jacket jasmine jigsaw juniper kayak kettle kiln
ladder lagoon lantern larch laurel lemon lichen lilac linen lizard locket lotus lupin magnet mango mantle maple
marble marsh meadow melon meteor mill mint mirror mitten monsoon moss mulberry mustard nectar needle nettle nickel
nutmeg oak oasis oat ocean olive onyx orbit orchard otter oyster paddle panda paper parrot pasture pebble pecan
pelican pepper petal piano pigeon pillow pine pistachio planet plum pocket pollen pond poplar poppy prairie prism
pumpkin quarry quartz quill quilt rabbit radish raven reed ribbon river robin rocket rosemary saddle saffron sage
salmon sandal sapling satin scarf shell silver sparrow spruce starling stone sunset swallow tartan
"""
WORDS: tuple[str, ...] = tuple(_TEXT.split())
