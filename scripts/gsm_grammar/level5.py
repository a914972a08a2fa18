"""Level 5: four steps and more, some with numbers that do not matter."""
from .engine import cents, from_others, pick, template, whole, word

template(
    "5-01", "{A} has ${t}. {A.They} buys {a} {tool} at ${p} each and {b} pots of paint at ${q} each. How many dollars does {A} have left?",
    "{t} - ({a} * {p} + {b} * {q})", answers="money", need=lambda v: v.t > v.a * v.p + v.b * v.q,
    t=whole(80, 150, 10), a=whole(2, 6), p=cents(350, 900), b=whole(2, 4), q=cents(625, 1250))
template(
    "5-02", "For a picnic {A} buys {a} bottles of {drink} at ${p} each and {b} pizzas at ${q} each. {A.They} pays with ${t}. How many dollars "
            "of change does {A.they} get?",
    "{t} - ({a} * {p} + {b} * {q})", answers="money", need=lambda v: v.t > v.a * v.p + v.b * v.q,
    t=whole(60, 120, 20), a=whole(3, 8), p=cents(125, 325), b=whole(2, 5), q=cents(850, 1350))

template(
    "5-03", "A farmer has {a} trees that bear {b} kilograms of {fruit} each and {c} trees that bear {d} kilograms each. The {fruit} are sold "
            "in crates of {n} kilograms. How many crates are filled?",
    "({a} * {b} + {c} * {d}) / {n}", a=whole(6, 20), b=whole(12, 40), c=whole(4, 15), d=whole(10, 30), n=whole(6, 15))
template(
    "5-04", "A workshop makes {a} chairs a day for {b} days and then {c} chairs a day for {d} days. The chairs are sold in sets of {n}. How many "
            "sets is that?",
    "({a} * {b} + {c} * {d}) / {n}", a=whole(6, 20), b=whole(5, 15), c=whole(12, 30), d=whole(4, 12), n=word(4, 8))

template(
    "5-05", "Every week {A} earns ${a} with a paper round and ${b} by walking dogs, and spends ${c}. {A.They} already has ${s}. How many dollars "
            "does {A.they} have after {n} weeks?",
    "{s} + ({a} + {b} - {c}) * {n}", need=lambda v: v.a + v.b > v.c + 3, a=whole(12, 40), b=whole(8, 30), c=whole(5, 25), s=whole(15, 120),
    n=whole(4, 12))
template(
    "5-06", "Each night {a} litres of rain and {b} litres from a stream run into a tank, and each day {c} litres are used. At the start the tank "
            "holds {s} litres. How many litres does it hold after {n} days and nights?",
    "{s} + ({a} + {b} - {c}) * {n}", need=lambda v: v.a + v.b > v.c + 3, a=whole(20, 60), b=whole(15, 45), c=whole(18, 70), s=whole(80, 300, 10),
    n=whole(5, 14))

template(
    "5-07", "{A} buys {a} {gift_one}s at ${p} each. Because {A.they} buys more than one, the shop takes {k}% off the whole price. Delivery costs "
            "${d}. How many dollars does {A} pay?",
    "{a} * {p} - {a} * {p} * {k} / 100 + {d}", answers="money", gift_one=pick("chair", "lamp", "blanket", "backpack", "kettle"),
    a=whole(2, 8), p=whole(15, 60, 5), k=pick(5, 10, 15, 20, 25), d=whole(4, 12))
template(
    "5-08", "The {group} orders {a} T-shirts at ${p} each. The printer gives a discount of {k}% and adds ${d} for the drawing. How many "
            "dollars is the bill?",
    "{a} * {p} - {a} * {p} * {k} / 100 + {d}", answers="money", a=whole(10, 40, 2), p=whole(8, 20), k=pick(5, 10, 15, 20, 25, 30),
    d=whole(12, 45))

template(
    "5-09", "{A}, who is {y} years old, has {a} {toy}. {B} has {b} more than {A}. {C} has twice as many as {B}. How many {toy} do the three have "
            "together?",
    "{a} + ({a} + {b}) + ({a} + {b}) * 2", a=whole(12, 50), b=whole(4, 20), y=whole(7, 11), need=lambda v: v.y not in (v.a, v.b))
template(
    "5-10", "The bridge on Mill Road was built {y} years ago. On Monday {a} lorries crossed it, on Tuesday {b} more than on Monday, and on "
            "Wednesday twice as many as on Tuesday. How many lorries crossed the bridge on the three days?",
    "{a} + ({a} + {b}) + ({a} + {b}) * 2", a=whole(20, 90), b=whole(5, 18), y=whole(91, 160))

template(
    "5-11", "{A} has {h} hours for homework. {A.They} spends {a} minutes on maths, {k} times as long on an essay, and {c} minutes on each of {n} "
            "smaller tasks. How many minutes are left?",
    "{h} * 60 - {a} - {a} * {k} - {c} * {n}", h=word(4, 6), a=whole(15, 40, 5), k=word(2, 3), c=whole(6, 16), n=word(3, 5))
template(
    "5-12", "A ferry has {h} hours until evening. It needs {a} minutes for the trip out, {k} times as long for the trip back against the current, "
            "and {c} minutes at each of {n} stops. How many minutes remain?",
    "{h} * 60 - {a} - {a} * {k} - {c} * {n}", h=word(4, 6), a=whole(25, 50, 5), k=word(2, 3), c=whole(5, 14), n=word(3, 6))

template(
    "5-13", "A cyclist, number {y} in the race, rides {a} laps of {p} kilometres and then {b} laps of {q} kilometres, and takes {m} minutes for "
            "every kilometre. How many minutes does the cyclist ride?",
    "({a} * {p} + {b} * {q}) * {m}", a=whole(3, 9), p=whole(4, 12), b=whole(2, 6), q=whole(13, 20), m=word(2, 4), y=whole(41, 99))
template(
    "5-14", "House number {y} gets new floors: {a} rooms of {p} square metres and {b} rooms of {q} square metres. A square metre of floor costs "
            "${m}. How many dollars do the floors cost?",
    "({a} * {p} + {b} * {q}) * {m}", a=whole(2, 5), p=whole(9, 16), b=whole(2, 4), q=whole(17, 30), m=whole(32, 60), y=whole(101, 199))

template(
    "5-15", "{A} makes {d} dozen {baked}. {A.They} keeps {k} for {A.their} family and packs the rest into bags of {n}. Each bag sells for ${p}. How "
            "many dollars does {A} get if all the bags are sold?",
    "({d} * 12 - {k}) / {n} * {p}", need=lambda v: v.d * 12 > v.k + 10, d=word(4, 10), k=whole(4, 20), n=whole(4, 8), p=whole(3, 9))
template(
    "5-16", "A farm collects {d} dozen eggs. The cook takes {k}, and the rest are packed into boxes of {n} that sell for ${p} each. How many dollars "
            "does the farm get for all the boxes?",
    "({d} * 12 - {k}) / {n} * {p}", need=lambda v: v.d * 12 > v.k + 10, d=word(5, 12), k=whole(6, 30), n=whole(6, 10), p=whole(2, 7))
