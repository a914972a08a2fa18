"""Level 3: two or three steps with a number that is only implied, a fraction, a percentage, or a number that does not matter."""
from .engine import cents, from_others, pick, template, tenths, whole, word

template(
    "3-01", "{A} buys {a} dozen eggs. On the way home {b} of them break. How many whole eggs are left?",
    "{a} * 12 - {b}", need=lambda v: v.a * 12 > v.b, a=word(2, 8), b=whole(3, 17))
template(
    "3-02", ("A bakery makes {a} dozen {baked} in the morning and sells {b} of them before noon. How many are left for the afternoon?",
             "{A} orders {a} dozen {pack} for the school fair and uses {b} of them. How many {pack} remain?"),
    "{a} * 12 - {b}", need=lambda v: v.a * 12 > v.b + 5, a=word(4, 11), b=whole(19, 60))

template(
    "3-03", "{A} practises the violin for {a} minutes a day. How many minutes does {A.they} practise in {b} weeks?",
    "{a} * 7 * {b}", a=whole(15, 50, 5), b=word(2, 6))
template(
    "3-04", "A horse eats {a} kilograms of hay a day. How many kilograms of hay do {b} horses eat in one week?",
    "{a} * {b} * 7", a=whole(6, 14), b=word(2, 9))

template(
    "3-05", "{A} had {t} {toy}. {A.They} gave half of them to {B} and then lost {b} of the rest. How many {toy} does {A} have left?",
    "{t} / 2 - {b}", q=whole(12, 45), t=from_others(lambda v: v.q * 2), b=whole(3, 11))
template(
    "3-06", "A tank holds {t} litres of water. Half of it is used to water the garden, and {b} litres leak out. How many litres are left?",
    "{t} / 2 - {b}", q=whole(20, 150), t=from_others(lambda v: v.q * 2), b=whole(4, 19))

template(
    "3-07", "A {gift} costs ${t}. In the sale it is {p}% cheaper. How many dollars does it cost in the sale?",
    "{t} - {t} * {p} / 100", t=whole(40, 300, 20), p=pick(5, 10, 15, 20, 25, 30, 40, 50))
template(
    "3-08", ("A school has {t} pupils. {p}% of them come by bicycle. How many pupils do not come by bicycle?",
             "An orchard has {t} trees, and {p}% of them are plum trees. How many trees are of other kinds?"),
    "{t} - {t} * {p} / 100", t=whole(120, 800, 20), p=pick(15, 20, 25, 30, 35, 45, 55, 60, 75))

template(
    "3-09", "{A} earns ${a} an hour. {A.They} is {y} years old and works {b} hours on Friday and {c} hours on Saturday. How many dollars "
            "does {A} earn on the two days?",
    "{a} * ({b} + {c})", a=whole(9, 24), y=whole(17, 45), b=whole(3, 8), c=whole(3, 8),
    need=lambda v: v.y not in (v.a, v.b, v.c))
template(
    "3-10", "The hall of the {group} is {y} years old and has {a} rows of seats. In each row there are {b} seats downstairs and {c} seats "
            "on the balcony. How many seats are there?",
    "{a} * ({b} + {c})", a=whole(8, 20), y=whole(30, 110), b=whole(9, 22), c=whole(4, 8))

template(
    "3-11", "A film lasts {h} hours and {m} minutes. {A} has watched {a} minutes of it. How many minutes are left?",
    "{h} * 60 + {m} - {a}", h=word(2, 3), m=whole(5, 55, 5), a=whole(25, 110))
template(
    "3-12", "The train to the coast takes {h} hours and {m} minutes. {A} falls asleep after {a} minutes and sleeps until the end. How many "
            "minutes does {A.they} sleep?",
    "{h} * 60 + {m} - {a}", h=word(2, 5), m=whole(5, 55, 5), a=whole(20, 115))

template(
    "3-13", "A spider has eight legs and a beetle has six. {A} counts {a} spiders and {b} beetles under a log. How many legs are there under "
            "the log?",
    "{a} * 8 + {b} * 6", a=whole(3, 14), b=whole(3, 14))
template(
    "3-14", "A car has four wheels and a tricycle has three. In the yard stand {a} cars and {b} tricycles. How many wheels are in the yard?",
    "{a} * 4 + {b} * 3", a=whole(3, 18), b=whole(3, 15))

template(
    "3-15", "One {one} costs {c} cents. {A} buys {n} of them and pays with ${t}. How many dollars of change does {A.they} get?",
    "{t} - {n} * {c} / 100", answers="money", need=lambda v: v.t > v.n * v.c / 100, c=whole(15, 95, 5), n=whole(6, 30), t=pick(10, 20, 50),
    one=pick("pencil", "postcard", "button", "balloon", "sticker"))
template(
    "3-16", "A bottle holds {a} litres of {drink}. {A} opens {n} bottles and fills cups of {c} millilitres. How many cups can {A.they} fill? "
            "One litre is 1,000 millilitres.",
    "{n} * {a} * 1000 / {c}", answers="whole", a=tenths(15, 30, 5), n=whole(2, 8), c=pick(200, 250))

template(
    "3-17", "A cake is cut into {n} equal slices. {A} eats {a} of them and {B} eats {b}. What fraction of the cake is left? Write it as a "
            "fraction.",
    "({n} - {a} - {b}) / {n}", answers="fraction", n=pick(8, 10, 12, 16, 20, 24), a=whole(2, 6), b=whole(2, 5),
    need=lambda v: v.n > v.a + v.b)
template(
    "3-18", "A garden is divided into {n} beds of the same size. In {a} of them grow {plant} and in {b} grow carrots; the other beds are empty. "
            "What fraction of the garden is empty? Write it as a fraction.",
    "({n} - {a} - {b}) / {n}", answers="fraction", n=pick(9, 12, 14, 15, 18, 21), a=whole(2, 7), b=whole(2, 5),
    need=lambda v: v.n > v.a + v.b)
