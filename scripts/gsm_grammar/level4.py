"""Level 4: three steps, cents and fractions of a whole among them."""
from .engine import cents, from_others, part, template, tenths, whole, word

template(
    "4-01", "At the market {A} buys {a} kilograms of {fruit} at ${p} a kilogram and {b} jars of honey at ${q} each. How many dollars does "
            "{A.they} pay?",
    "{a} * {p} + {b} * {q}", answers="money", a=whole(2, 6), p=cents(150, 450), b=whole(2, 5), q=cents(425, 950))
template(
    "4-02", "{A} sells {a} cups of {drink} at ${p} each and {b} {baked} at ${q} each. How many dollars does {A} take in?",
    "{a} * {p} + {b} * {q}", answers="money", a=whole(8, 30), p=cents(75, 225), b=whole(6, 24), q=cents(125, 300))

template(
    "4-03", "{A} has {a} {toy}. {B} has {k} times as many as {A}, and {C} has {c} fewer than {B}. How many {toy} do {A} and {C} have "
            "together?",
    "{a} * {k} - {c} + {a}", need=lambda v: v.a * v.k > v.c + 2, a=whole(8, 40), k=word(2, 5), c=whole(3, 15))
template(
    "4-04", "Bus A carries {a} people. Bus B carries {k} times as many, and bus C carries {c} fewer than bus B. How many people do bus A and "
            "bus C carry together?",
    "{a} * {k} - {c} + {a}", need=lambda v: v.a * v.k > v.c + 2, a=whole(9, 24), k=word(2, 4), c=whole(3, 14))

template(
    "4-05", "{A} reads {a} pages on each of {n} days and {b} pages on the day after. The book has {t} pages. How many pages are left?",
    "{t} - ({a} * {n} + {b})", need=lambda v: v.t > v.a * v.n + v.b + 10, a=whole(12, 40), n=word(3, 7), b=whole(10, 45), t=whole(180, 450, 10))
template(
    "4-06", "A lorry carries {t} boxes. It leaves {a} boxes at each of {n} shops and {b} boxes at a school. How many boxes are still on the "
            "lorry?",
    "{t} - ({a} * {n} + {b})", need=lambda v: v.t > v.a * v.n + v.b + 10, a=whole(14, 35), n=word(4, 9), b=whole(11, 50), t=whole(220, 500, 10))

template(
    "4-07", "{A} and {B} wash cars for ${p} a car. {A} washes {a} cars and {B} washes {b}. They split the money equally. How many dollars "
            "does each of the two get?",
    "({a} + {b}) * {p} / 2", answers="money", a=whole(4, 15), b=whole(4, 15), p=whole(6, 15))
template(
    "4-08", "The {group} sells {a} red candles and {b} white candles for ${p} each and gives half of the money to a shelter. How many "
            "dollars does the shelter get?",
    "({a} + {b}) * {p} / 2", answers="money", a=whole(14, 60), b=whole(14, 60), p=whole(3, 11))

template(
    "4-09", "Of {t} {baked}, one third are sold on Monday. On Tuesday {b} more are sold, and on Wednesday {A} bakes {c} new ones. How many "
            "{baked} are there then?",
    "{t} - {t} / 3 - {b} + {c}", q=whole(12, 40), t=from_others(lambda v: v.q * 3), b=whole(4, 20), c=whole(6, 30))
template(
    "4-10", ("Of {t} seats in a theatre, a quarter are sold in the first week and {b} in the second week. How many seats are left?",
             "{A} has {t} {pack}. {A.They} gives a quarter of them to {B} and {b} to {C}. How many {pack} does {A} keep?"),
    "{t} - {t} / 4 - {b}", q=whole(15, 60), t=from_others(lambda v: v.q * 4), b=whole(10, 40))

template(
    "4-11", "A rectangular garden is {a} metres long and {b} metres wide. {A} puts a fence around it and leaves a gate of {g} metres open. "
            "How many metres of fence does {A.they} need?",
    "2 * ({a} + {b}) - {g}", need=lambda v: v.a > v.b, a=whole(9, 40), b=whole(5, 25), g=word(2, 4))
template(
    "4-12", "{A} sews lace along all four edges of a tablecloth that is {a} centimetres long and {b} centimetres wide. {A.They} has {g} "
            "centimetres of lace already. How many more centimetres does {A.they} need?",
    "2 * ({a} + {b}) - {g}", need=lambda v: v.a > v.b, a=whole(110, 240, 5), b=whole(80, 140, 5), g=whole(35, 150, 5))

template(
    "4-13", "A cake needs {x} cup of sugar. {A} bakes {n} cakes and also puts {y} cup of sugar into the tea. How many cups of sugar does "
            "{A.they} use?",
    "{x} * {n} + {y}", answers="decimal", x=part("3/4", "1/2", "1/4"), n=whole(3, 9), y=part("1/2", "1/4"))
template(
    "4-14", "A lamp needs {x} metre of wire. {A} makes {n} lamps and keeps {y} metre of wire as a spare. How many metres of wire does "
            "{A.they} take?",
    "{x} * {n} + {y}", answers="decimal", x=part("3/4", "2/5", "3/5", "1/2"), n=whole(4, 15), y=part("1/2", "1/4", "1/5"))

template(
    "4-15", "{A} cycles at {a} kilometres an hour for {x} hours and then at {b} kilometres an hour for {y} hours. How many kilometres does "
            "{A.they} cycle in all?",
    "{a} * {x} + {b} * {y}", answers="decimal", a=whole(12, 24), x=tenths(10, 30, 5), b=whole(10, 20), y=tenths(5, 25, 5),
    need=lambda v: v.x > 1 and v.y != 1)
template(
    "4-16", "A pump fills a pool at {a} litres a minute for {x} minutes. Then a second pump joins, and together they fill {b} litres a minute "
            "for {y} minutes. How many litres are in the pool, which was empty before?",
    "{a} * {x} + {b} * {y}", need=lambda v: v.b > v.a, a=whole(20, 60, 5), x=whole(8, 30), b=whole(70, 120, 5), y=whole(10, 40))
