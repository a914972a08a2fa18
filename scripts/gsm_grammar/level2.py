"""Level 2: two steps."""
from .engine import cents, from_others, template, whole, word

template(
    "2-01", "{A} has {a} {toy}. {A.They} gives {b} to {B} and then buys {c} more. How many {toy} does {A} have now?",
    "{a} - {b} + {c}", need=lambda v: v.a > v.b, a=whole(30, 95), b=whole(6, 29), c=whole(4, 30))
template(
    "2-02", ("There are {a} people in a cinema. During the film {b} of them leave, and {c} latecomers arrive. How many people are in the "
             "cinema now?",
             "A library shelf holds {a} books. In the morning {b} are borrowed, and in the afternoon {c} are brought back. How many books "
             "are on the shelf then?"),
    "{a} - {b} + {c}", need=lambda v: v.a > v.b, a=whole(60, 220), b=whole(8, 50), c=whole(3, 40))

template(
    "2-03", "{A} buys {a} bags with {b} {fruit} in each bag. At home {A.they} already had {c} {fruit}. How many {fruit} does {A} have in "
            "total?",
    "{a} * {b} + {c}", a=whole(3, 9), b=whole(4, 12), c=whole(3, 25))
template(
    "2-04", "The {group} travels in {a} minibuses with {b} people in each, and {c} more people come by train. How many people travel?",
    "{a} * {b} + {c}", a=whole(2, 6), b=whole(7, 16), c=whole(3, 19))

template(
    "2-05", "{A} picks {a} baskets of {fruit} with {b} in each basket. Later {c} of the {fruit} turn out to be rotten. How many "
            "good {fruit} are there?",
    "{a} * {b} - {c}", need=lambda v: v.a * v.b > v.c + 5, a=whole(3, 9), b=whole(8, 20), c=whole(3, 25))
template(
    "2-06", "A gardener plants {a} rows of {plant} with {b} in each row. A storm destroys {c} of them. How many {plant} are left?",
    "{a} * {b} - {c}", need=lambda v: v.a * v.b > v.c + 5, a=whole(4, 12), b=whole(6, 18), c=whole(5, 40))

template(
    "2-07", "Each of {n} children gets {a} {baked} and {b} {baked2}. How many pieces is that altogether?",
    "({a} + {b}) * {n}", n=whole(5, 24), a=word(2, 6), b=word(2, 6))
template(
    "2-08", ("For the {show} a child's seat costs ${a} and a grown-up's seat costs ${b}. In all, {n} pairs of one child and one grown-up come. How "
             "many dollars do they pay?",
             "Every morning a baker sells {a} loaves of white bread and {b} loaves of rye bread. How many loaves does the baker sell in {n} "
             "mornings?"),
    "({a} + {b}) * {n}", need=lambda v: v.b > v.a, n=whole(4, 15), a=whole(5, 20), b=whole(8, 30))

template(
    "2-09", "{A} has {a} {toy} and {B} has {b}. They put them together and share them equally among {n} children. How many {toy} does "
            "each child get?",
    "({a} + {b}) / {n}", n=whole(3, 8), q=whole(6, 18), a=whole(10, 70), b=from_others(lambda v: v.q * v.n - v.a), need=lambda v: v.b > 4)
template(
    "2-10", "{A} collects {a} eggs from one henhouse and {b} eggs from another. {A.They} packs them into cartons of {n}. How many cartons "
            "does {A.they} fill?",
    "({a} + {b}) / {n}", n=whole(4, 10), q=whole(6, 15), a=whole(14, 80), b=from_others(lambda v: v.q * v.n - v.a), need=lambda v: v.b > 9)

template(
    "2-11", "{A} has {a} {toy}. {B} has {k} times as many. How many {toy} do they have together?",
    "{a} + {a} * {k}", a=whole(6, 40), k=word(2, 6))
template(
    "2-12", ("The first act of the {show} lasts {a} minutes. The second act lasts {k} times as long. How many minutes do the two acts last "
             "together?",
             "{A} ran {a} laps on Monday and {k} times as many on Tuesday. How many laps did {A.they} run on the two days?"),
    "{a} + {a} * {k}", a=whole(7, 28), k=word(2, 4))

template(
    "2-13", "{A} buys {n} notebooks at ${p} each and pays with a ${t} note. How many dollars of change does {A.they} get?",
    "{t} - {n} * {p}", answers="money", n=whole(2, 6), p=cents(125, 475), t=whole(20, 50, 10), need=lambda v: v.t > v.n * v.p)
template(
    "2-14", "{A} has a ${t} gift card. {A.They} orders {n} cups of {drink} at ${p} each. How many dollars are left on the card?",
    "{t} - {n} * {p}", answers="money", n=whole(2, 8), p=cents(175, 425), t=whole(25, 40, 5), need=lambda v: v.t > v.n * v.p)

template(
    "2-15", "A ribbon is {t} centimetres long. {A} cuts off {a} centimetres and cuts the rest into pieces of {n} centimetres. How many "
            "pieces does {A} get?",
    "({t} - {a}) / {n}", n=whole(4, 15), q=whole(5, 20), a=whole(8, 60), t=from_others(lambda v: v.q * v.n + v.a))
template(
    "2-16", "Of {t} {animal} on a farm, {a} stay in the barn. The others are spread evenly over {n} meadows. How many {animal} are on each "
            "meadow?",
    "({t} - {a}) / {n}", n=whole(3, 8), q=whole(5, 20), a=whole(6, 30), t=from_others(lambda v: v.q * v.n + v.a))
