"""Level 1: one step."""
from .engine import from_others, template, tenths, whole, word

template(
    "1-01", ("{A} has {a} {toy} and finds {b} more in a drawer. How many {toy} does {A} have now?",
             "There are {a} {toy} in {A}'s box. {A.They} adds {b} more. How many {toy} are in the box now?"),
    "{a} + {b}", a=whole(12, 80), b=whole(5, 60))
template(
    "1-02", "On Saturday {a} people came to the {place}, and on Sunday {b} people came. How many people came over the whole weekend?",
    "{a} + {b}", a=whole(45, 400), b=whole(45, 400))

template(
    "1-03", "{A} baked {a} {baked} and gave {b} of them to {A.their} neighbours. How many {baked} does {A} have left?",
    "{a} - {b}", need=lambda v: v.a > v.b + 3, a=whole(18, 70), b=whole(6, 40))
template(
    "1-04", ("A bus sets off with {a} passengers. At the first stop {b} of them get off and nobody gets on. How many passengers are "
             "still on the bus?",
             "There were {a} passengers on a tram when {b} of them got off at the market. How many stayed on?"),
    "{a} - {b}", need=lambda v: v.a > v.b + 3, a=whole(20, 64), b=whole(4, 30))

template(
    "1-05", "One box holds {a} {pack}. How many {pack} are there in {b} full boxes?", "{a} * {b}", a=whole(6, 40), b=whole(3, 12))
template(
    "1-06", "A ticket for the {show} costs ${a}. {A} buys {b} tickets. How many dollars does {A} pay?",
    "{a} * {b}", a=whole(4, 25), b=whole(3, 12))

template(
    "1-07", "{A} shares {t} {toy} equally among {b} friends. How many {toy} does each friend get?",
    "{t} / {b}", q=whole(4, 20), b=whole(3, 9), t=from_others(lambda v: v.q * v.b))
template(
    "1-08", ("A teacher splits {t} children into teams of {b}. How many teams are there?",
             "At sports day {t} children line up in rows of {b}. How many rows do they make?"),
    "{t} / {b}", q=whole(4, 16), b=whole(3, 9), t=from_others(lambda v: v.q * v.b))

template(
    "1-09", "{A} is {a} centimetres tall and {B} is {b} centimetres tall. How many centimetres taller than {B} is {A}?",
    "{a} - {b}", need=lambda v: v.a > v.b + 1, a=whole(118, 175), b=whole(104, 160))
template(
    "1-10", "A fishing boat carries {a} people and a ferry carries {b} people. How many more people does the ferry carry than the "
            "fishing boat?",
    "{b} - {a}", a=whole(6, 28), b=whole(60, 320))

template(
    "1-11", "{B} read {a} pages last week. {A} read {k} times as many. How many pages did {A} read?",
    "{a} * {k}", a=whole(14, 90), k=word(2, 6))
template(
    "1-12", ("A small bucket holds {a} litres. A barrel holds {k} times as much. How many litres does the barrel hold?",
             "A puppy weighs {a} kilograms. Its mother weighs {k} times as much. How many kilograms does the mother weigh?"),
    "{a} * {k}", a=whole(3, 14), k=word(3, 9))

template(
    "1-13", "{A} is saving for a {gift} that costs ${t}. {A.They} already has ${a}. How many more dollars does {A} need?",
    "{t} - {a}", need=lambda v: v.t > v.a + 10, t=whole(60, 240, 5), a=whole(12, 180))
template(
    "1-14", "A jigsaw puzzle has {t} pieces. {A} has placed {a} of them. How many pieces are still missing from the picture?",
    "{t} - {a}", need=lambda v: v.t > v.a + 20, t=whole(100, 1500, 50), a=whole(35, 1200))

template(
    "1-15", "{A} walks {a} kilometres every day. How many kilometres does {A.they} walk in {b} days?",
    "{a} * {b}", answers="decimal", a=tenths(15, 85, 5), b=whole(4, 20))
template(
    "1-16", "A printer prints {a} pages every minute. How many pages does it print in {b} minutes?",
    "{a} * {b}", a=whole(8, 45), b=whole(4, 30))
