"""Names and things the stories are told with."""


class Person:
    """`{A}` is the name; `{A.they}`, `{A.them}`, `{A.their}` the pronouns, with a capital where the field name has one."""

    def __init__(self, name, pronouns):
        self.name = name
        self.they, self.them, self.their = pronouns
        self.They, self.Their = self.they.capitalize(), self.their.capitalize()

    def __str__(self):
        return self.name


SHE, HE = ("she", "her", "her"), ("he", "him", "his")
WOMEN = """Amara Beatriz Chiara Dalia Eun-ji Freya Greta Hana Ines Jamila Katya Leila Mei Nadia Olga Priya Rosa Sofia Thandi Uma Vera Wren
    Yuki Zainab"""
MEN = """Arjun Bruno Chidi Diego Emil Farid Goran Hiro Ivan Jonas Kofi Luca Mateo Nils Omar Pavel Quentin Rafael Sami Tomas Umar Viktor
    Wei Yusuf"""
PEOPLE = [Person(name, SHE) for name in WOMEN.split()] + [Person(name, HE) for name in MEN.split()]


def listed(text):
    return [part.strip() for part in text.split(",")]


# Each list has one kind of thing, so that a story about baking never counts marbles.
THINGS = {
    "toy": listed("marbles, stickers, beads, shells, postcards, buttons, badges, stamps, comics, trading cards"),
    "baked": listed("muffins, cookies, scones, pretzels, rolls, pies, tarts, bagels"),
    "fruit": listed("apples, plums, pears, oranges, peaches, lemons, mangoes, figs"),
    "pack": listed("crayons, pencils, candles, batteries, envelopes, tea bags, light bulbs, paper cups, erasers"),
    "plant": listed("tulips, sunflowers, tomato plants, bean plants, rose bushes, strawberry plants, daisies"),
    "animal": listed("goats, sheep, ducks, geese, alpacas, rabbits, hens, ponies"),
    "place": listed("museum, aquarium, science fair, castle, city farm, planetarium, book fair"),
    "show": listed("puppet show, circus, school concert, magic show, boat race, film night"),
    "gift": listed("skateboard, telescope, guitar, camera, tent, microscope, drone, violin"),
    "tool": listed("wrenches, hammers, drill bits, padlocks, paint brushes, hinges"),
    "drink": listed("lemonade, apple juice, iced tea, cocoa, mango juice, ginger beer"),
    "group": listed("chess club, football team, choir, drama class, robotics club, swimming team, scout troop, cooking class"),
}
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
