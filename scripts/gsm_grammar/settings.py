"""Further stories of the training split: people and vehicles, water, time, money and measures, each told in many ways."""
from .engine import cents, from_others, part, pick, template, tenths, whole, word

number = iter(range(1001, 2000, 2))


def told(level, text, equation, **rest):
    template(f"{level}-{next(number)}", text, equation, **rest)


# (who, where they are, verb of leaving, verb of coming)
CROWDS = (("people", "[on a train|on the tram|in a bus]", "get off", "get on"), ("passengers", "[on a ship|on a ferry|on a boat]", "go ashore", "come aboard"),
          ("visitors", "[in a museum|in a castle|in the zoo]", "leave", "arrive"), ("children", "[in a park|in a hall|at sports day]", "go home", "come"),
          ("cars", "[in a yard|on a car park|on a ferry]", "drive away", "arrive"), ("books", "[in a library|on a shelf|in a school]", "are borrowed", "are brought back"),
          ("litres", "[in a tank|in a pool|in a barrel]", "leak out", "are added"), ("pages", "[in a book|in a notebook|in the album]", "are read", "are added"))
for who, where, leave, come in CROWDS:
    told(1, f"There [are|were] {{a}} {who} {where} [and|when] {{b}} of them {leave}. How many {who} [are left|stay|are still there|remain|stayed on]?", "{a} - {b}",
         need=lambda v: v.a > v.b + 3, a=whole(15, 300), b=whole(4, 90))
    told(1, (f"[On Friday|In May|Last week|In the morning] {{a}} {who} {come}, and [on Monday|in June|this week|at night] {{b}} {who}. How many {who} [come|is that] [in all|altogether|over both|on the two days]?",
             f"There are {{a}} {who} {where}, and {{b}} more {come}. How many {who} are there [now|then]?"), "{a} + {b}", a=whole(10, 400), b=whole(10, 400))
    told(2, f"{{a}} {who} are {where}. [At noon|Then|During the night|Later] {{b}} of them {leave}, and {{c}} [others|more|new ones] {come}. How many {who} are there [now|then|at the end|in the evening]?",
         "{a} - {b} + {c}", need=lambda v: v.a > v.b, a=whole(40, 260), b=whole(8, 60), c=whole(3, 50))
    told(2, f"{{c}} {who} are already {where}. [Then|Now] {{a}} groups with {{b}} {who} in each {come}. How many {who} are [there|that in all|in it then]?", "{a} * {b} + {c}",
         a=whole(2, 12), b=whole(5, 25), c=whole(3, 60))
    told(3, f"There are {{t}} {who} {where}. Half of them {leave}, then {{b}} more {leave}. How many {who} [stay|are left|remain]?", "{t} / 2 - {b}",
         q=whole(14, 160), t=from_others(lambda v: v.q * 2), b=whole(3, 20), need=lambda v: v.q > v.b + 2)
    told(3, f"{{t}} {who} are {where}. {{p}}% of them [are old|are new|come from the city|are from abroad]. How many {who} [are not|are of other kinds|do not]?", "{t} - {t} * {p} / 100",
         t=whole(100, 900, 20), p=pick(5, 10, 15, 20, 25, 30, 35, 40, 45, 55, 60, 65, 70, 75))
    told(4, f"Of {{t}} {who} {where}, [one third|a third] {leave} [at first|in the first hour]. Then {{b}} more {leave} and {{c}} new ones {come}. How many {who} are there [now|then|at last]?",
         "{t} - {t} / 3 - {b} + {c}", q=whole(12, 60), t=from_others(lambda v: v.q * 3), b=whole(4, 20), c=whole(6, 30))
    told(4, f"Of {{t}} {who} {where}, [a quarter|one quarter] {leave} [in the first week|on Sunday|at noon] and {{b}} [in the second week|on Monday|later]. How many {who} [are left|stay|remain]?",
         "{t} - {t} / 4 - {b}", q=whole(15, 80), t=from_others(lambda v: v.q * 4), b=whole(5, 40))

for goods, cost in (("tickets", "A ticket [to the {place}|for the {show}|for the zoo]"), ("notebooks", "A notebook"), ("cups of {drink}", "One cup of {drink}"), ("loaves of bread", "A loaf of bread"),
                    ("T-shirts", "Each T-shirt"), ("pots of paint", "A pot of paint"), ("pizzas", "One pizza"), ("jars of honey", "A jar of honey")):
    told(1, (f"{cost} costs ${{a}}. How many dollars [does {{A}} pay for|do|must {{A}} pay for] {{b}} {goods}?", f"{{A}} [buys|orders|sells] {{b}} {goods} at ${{a}} each. How many dollars is [that|it|the bill]?"),
         "{a} * {b}", a=whole(3, 40), b=whole(3, 20))
    told(2, (f"{{A}} [has|takes|carries] ${{t}} and [buys|orders|gets] {{n}} {goods} at ${{p}} each. How many dollars [are left|does {{A}} have left|remain]?",
             f"{cost} costs ${{p}}. {{A}} [buys|pays for|orders] {{n}} and pays with [a ${{t}} note|${{t}}]. How many dollars of change [does|will] {{A.they}} get?",
             f"On {{A}}'s gift card are ${{t}}. {{A.They}} [spends|uses] it on {{n}} {goods} for ${{p}} each. How many dollars [stay|are left] on [it|the card]?"),
         "{t} - {n} * {p}", answers="money", n=whole(2, 8), p=cents(125, 675), t=whole(20, 60, 5), need=lambda v: v.t > v.n * v.p)
    told(4, f"{{A}} [buys|sells|orders] {{a}} {goods} at ${{p}} each and {{b}} [{{baked}}|{{fruit}}|{{tool}}] at ${{q}} each. How many dollars [does {{A}} pay|is that|does {{A}} take in|is the bill] [in all|altogether]?",
         "{a} * {p} + {b} * {q}", answers="money", a=whole(2, 24), p=cents(75, 650), b=whole(2, 20), q=cents(100, 700))
    told(4, f"{{A}} [sells|has sold] {{a}} {goods} on Saturday and {{b}} on Sunday for ${{p}} [each|a piece] and gives half of the [money|dollars] to [{{B}}|a friend|the {{group}}]. How many dollars does {{A}} [give away|keep]?",
         "({a} + {b}) * {p} / 2", answers="money", a=whole(6, 60), b=whole(6, 60), p=whole(3, 16))
    told(5, f"{{A}} [buys|orders] {{a}} {goods} at ${{p}} each and {{b}} [lamps|tents|{{tool}}] at ${{q}} each. {{A.They}} [pays with|has|starts with] ${{t}}. How many dollars [are left|of change does {{A.they}} get|does {{A}} have then]?",
         "{t} - ({a} * {p} + {b} * {q})", answers="money", need=lambda v: v.t > v.a * v.p + v.b * v.q, t=whole(50, 160, 10), a=whole(2, 8), p=cents(125, 700), b=whole(2, 5), q=cents(425, 1350))
    told(5, f"The {{group}} [buys|orders|needs] {{a}} {goods} at ${{p}} each. [The shop|The seller|The printer] [takes {{k}}% off|gives a discount of {{k}}%] [the price|] and adds ${{d}} for [delivery|the drawing|the packing]. How many dollars [do they pay|is the bill]?",
         "{a} * {p} - {a} * {p} * {k} / 100 + {d}", answers="money", a=whole(4, 40, 2), p=whole(8, 40), k=pick(5, 10, 15, 20, 25, 30), d=whole(4, 45))

told(1, "[A machine|A press|{A}|A baker] [makes|fills|prints|types] {a} [pages|bottles|rolls|cards] every [minute|hour|day]. How many [pages|bottles|rolls|cards] does [it|that] make in {b} [minutes|hours|days]?", "{a} * {b}", a=whole(6, 50), b=whole(3, 35))
told(1, "[A teacher|A coach|{A}] [puts|splits|divides] {t} [children|pupils|players|people] into [teams|groups|rows|pairs of teams] of {b}. How many [teams|groups|rows] [are there|does that make|do they make]?", "{t} / {b}", q=whole(4, 20), b=whole(3, 12), t=from_others(lambda v: v.q * v.b))
told(1, "[A cart|A van|A plane|A hall|A truck] [carries|holds] {a} people and [a ship|a train|an airship|a stadium] [carries|holds] {b}. How many more [people|] does the [bigger|second|larger] one [carry|hold]?", "{b} - {a}", a=whole(4, 50), b=whole(55, 400))
told(1, "A [cup|glass|bowl|kitten|calf|stone] [holds|weighs] {a} [litres|kilograms|grams]. A [pot|tank|cow|rock] [holds|weighs] {k} times as much. How many [litres|kilograms|grams] is that?", "{a} * {k}", a=whole(3, 30), k=word(2, 9))
told(1, "A [book|puzzle|wall|path|road] has {t} [pages|pieces|stones|metres]. {A} has [read|placed|laid|done] {a} [of them|]. How many [are still to do|are missing|are left]?", "{t} - {a}", need=lambda v: v.t > v.a + 10, t=whole(100, 1500, 10), a=whole(25, 1200))
told(1, "{A} needs ${t} for a [{gift}|trip|present]. {A.They} has [saved|earned] ${a}. How many [more|] dollars [are missing|does {A} still need]?", "{t} - {a}", need=lambda v: v.t > v.a + 10, t=whole(40, 300, 5), a=whole(12, 240))
told(2, "The {group} [goes|drives|rides] in {a} [cars|vans|boats|buses] with {b} [people|children] in each, and {c} [others|more people|more] [walk|come by bicycle|take the tram]. How many people [go|are that|come] [in all|altogether]?", "{a} * {b} + {c}", a=whole(2, 9), b=whole(4, 30), c=whole(3, 30))
told(2, "[A child|A pupil] pays ${a} and [a grown-up|a teacher] pays ${b} [for the {show}|at the {place}]. {n} [pairs of one child and one grown-up|children, each with one grown-up,] come. How many dollars is that [in all|altogether]?", "({a} + {b}) * {n}", need=lambda v: v.b > v.a, n=whole(4, 20), a=whole(3, 20), b=whole(6, 30))
told(2, ("The first [part|half|half of the {show}|film] [takes|lasts] {a} minutes. The second [takes|lasts] {k} times as long. How many minutes do both [take|last] together?",
         "On Sunday {A} [swam|walked|rode|sang] {a} [rounds|laps|songs|miles], and on Monday {k} times as many. How many [is that|were it] on both days [together|]?"), "{a} + {a} * {k}", a=whole(5, 50), k=word(2, 6))
told(2, "A [rope|wire|board|plank] is {t} centimetres long. {A} [cuts off|takes away] {a} centimetres and [cuts|saws] the rest into [pieces|parts] of {n} centimetres. How many [pieces|parts] [are there|does {A} get]?", "({t} - {a}) / {n}", n=whole(4, 15), q=whole(5, 20), a=whole(8, 60), t=from_others(lambda v: v.q * v.n + v.a))
told(2, "{A} [finds|gets|collects] {a} eggs in [one|the first] [nest|barn|basket] and {b} [in another|in the second]. {A.They} [puts|packs] them into [boxes|cartons|trays] of {n}. How many [boxes|cartons|trays] [are filled|does {A.they} fill]?", "({a} + {b}) / {n}", n=whole(4, 12), q=whole(6, 15), a=whole(14, 80), b=from_others(lambda v: v.q * v.n - v.a), need=lambda v: v.b > 4)
told(3, "[A cow|A dog|An elephant|A goat] eats {a} kilograms of [food|grass|hay] [every day|a day]. How many kilograms [of food|] do {b} of them eat in [one|a] week?", "{a} * {b} * 7", a=whole(3, 20), b=word(2, 12))
told(3, "{A} [runs|reads|sings|works] for {a} minutes [a day|every day]. How many minutes is that in {b} weeks?", "{a} * 7 * {b}", a=whole(10, 60, 5), b=word(2, 7))
told(3, "[A flight|The trip to the city|The bus to the lake|A concert|The boat trip] [takes|lasts] {h} hours and {m} minutes. {A} [sleeps|is awake|waits|sings] for {a} minutes [of it|] and reads for the rest. How many minutes does {A.they} read?", "{h} * 60 + {m} - {a}", h=word(2, 6), m=whole(5, 55, 5), a=whole(15, 115))
told(3, "[A bike|A bicycle|A tandem] has two wheels and [a van|a truck|a cart|a car] has four. [In the street|At school|In the garage] [stand|are] {a} [bikes|bicycles|tandems] and {b} of the [others|bigger ones]. How many wheels [are there|is that] [in all|altogether]?", "{a} * 2 + {b} * 4", a=whole(3, 20), b=whole(3, 20))
told(3, "[A tripod|A stool] has three legs and a [table|chair|bench] has four. [In the hall|In the yard|In a shop] [stand|are] {a} [tripods|stools] and {b} of the others. How many legs [are there|is that]?", "{a} * 3 + {b} * 4", a=whole(3, 20), b=whole(3, 20))
told(3, "[A cat|A dog|A horse] has four legs and [a hen|a duck|a goose] has two. {A} sees {a} with four legs and {b} with two. How many legs [are there|is that]?", "{a} * 4 + {b} * 2", a=whole(3, 20), b=whole(3, 20))
told(3, "The [school|club|theatre|church] was built {y} years ago. It has {a} [rows|benches|tables] with {b} [seats|places] [on the left|inside] and {c} [seats|places] [on the right|outside] in each [of them|row]. How many seats [are there|is that] [in all|]?", "{a} * ({b} + {c})", a=whole(5, 22), b=whole(5, 24), c=whole(3, 15), y=whole(25, 120))
told(3, "{A}, who is {y} years old, [earns|gets] ${a} an hour and works {b} hours [on Monday|in the morning] and {c} hours [on Tuesday|in the evening]. How many dollars [is that|does {A.they} earn]?", "{a} * ({b} + {c})", a=whole(8, 25), b=whole(2, 9), c=whole(2, 9), y=whole(26, 60))
told(3, "A [can|jug|pot|box] holds {a} litres of [{drink}|milk|water]. {A} [takes|opens|empties] {n} of them and fills [glasses|cups|mugs] of {c} millilitres. How many [glasses|cups|mugs] [does|can] {A.they} fill? One litre is 1,000 millilitres.", "{n} * {a} * 1000 / {c}", a=tenths(10, 40, 5), n=whole(2, 8), c=pick(100, 125, 200, 250, 500))
told(3, "A [field|wall|park|cloth|box] is divided into {n} equal parts. {a} of them are [red|used|planted] and {b} are [blue|sold|mown]; [the others|the other parts] are [free|empty|white]. What fraction is [free|empty|left|white]? Write it as a fraction.", "({n} - {a} - {b}) / {n}", answers="fraction", n=pick(8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 24), a=whole(2, 7), b=whole(2, 6), need=lambda v: v.n > v.a + v.b)
told(3, "[In the sale|On Sunday] a [coat|bike|watch|{gift}] that costs ${t} is {p}% [cheaper|off]. How many dollars [does it cost|must {A} pay] then?", "{t} - {t} * {p} / 100", t=whole(40, 400, 20), p=pick(5, 10, 15, 20, 25, 30, 35, 40, 50))
for one, unit in (("[Car|Train|Tram|Boat] A", "[people|passengers]"), ("[Box|Crate|Basket] A", "[boxes|eggs|stones]"), ("[Team|Class|Group] A", "[points|pupils|people]")):
    word_of = one.partition("]")[0][1:].split("|")[0]
    told(4, f"{word_of} A has {{a}} {unit}. {word_of} B has {{k}} times as many, and {word_of} C has {{c}} fewer than {word_of} B. How many do {word_of} A and {word_of} C have [together|in all|altogether]?", "{a} * {k} - {c} + {a}", need=lambda v: v.a * v.k > v.c + 2, a=whole(6, 50), k=word(2, 6), c=whole(3, 20))
told(4, "A [ship|van|train|truck] carries {t} [crates|bags|letters|boxes]. It [leaves|drops|unloads] {a} at each of {n} [ports|houses|farms|shops] and {b} at [a school|the castle|an island]. How many [are still on it|stay on it|are left]?", "{t} - ({a} * {n} + {b})", need=lambda v: v.t > v.a * v.n + v.b + 5, a=whole(8, 45), n=word(3, 9), b=whole(6, 60), t=whole(150, 600, 10))
told(4, "{A} [sets up|paints|builds] a [frame|fence|rope] around [a field|a picture|a table|a yard] that is {a} [metres|centimetres] long and {b} [metres|centimetres] wide. {A.They} [already has|leaves out|has found] {g} [metres|centimetres] of it. How many [more|] [metres|centimetres] does {A} need?", "2 * ({a} + {b}) - {g}", need=lambda v: v.a > v.b and 2 * (v.a + v.b) > v.g, a=whole(12, 240), b=whole(6, 140), g=whole(2, 150))
told(4, "A [shelf|dress|kite|boat|bag] [needs|takes] {x} metre of [cloth|wood|rope|wire]. {A} makes {n} of them and keeps {y} metre [for later|as a spare|for repairs]. How many metres [does {A} take|is that|are needed]?", "{x} * {n} + {y}", answers="decimal", x=part("3/4", "2/5", "3/5", "1/2", "1/4", "1/5"), n=whole(3, 16), y=part("1/2", "1/4", "1/5", "2/5"))
told(4, "A [hose|tap|stream|pump] [fills|pours] {a} litres a minute into a [tank|pool|pond] for {x} minutes. [Then|After that] a second one [joins|helps], and together they fill {b} litres a minute for {y} minutes. How many litres [is that|are in it then]?", "{a} * {x} + {b} * {y}", need=lambda v: v.b > v.a, a=whole(8, 60), x=whole(5, 30), b=whole(40, 120, 5), y=whole(5, 40))
told(4, "{A} [drives|walks|rows|sails] at {a} kilometres an hour for {x} hours and [then|afterwards] at {b} kilometres an hour for {y} hours. How many kilometres is that [in all|altogether]?", "{a} * {x} + {b} * {y}", answers="decimal", a=whole(4, 60), x=whole(2, 6), b=whole(4, 60), y=whole(2, 6))
told(5, "A [shop|factory|carpenter|smith] makes {a} [tables|lamps|bikes|pots] a day for {b} days and [then|after that] {c} a day for {d} days. They are [sold|packed|sent] in [sets|boxes|groups] of {n}. How many [sets|boxes|groups] [is that|are there]?", "({a} * {b} + {c} * {d}) / {n}", a=whole(4, 25), b=whole(3, 15), c=whole(4, 30), d=whole(3, 14), n=word(3, 9))
told(5, "[Each day|Every hour|Each week] {a} litres of [milk|water] and {b} litres of [rain|juice] [run|flow] into a [barrel|pond|pool], and {c} litres [leak out|are used|are sold]. [At first|In the beginning] it holds {s} litres. How many litres does it hold after {n} [days|hours|weeks]?", "{s} + ({a} + {b} - {c}) * {n}", need=lambda v: v.a + v.b > v.c + 3, a=whole(8, 70), b=whole(8, 60), c=whole(6, 80), s=whole(20, 400), n=whole(3, 14))
told(5, "[The house on Hill Road|The tower|The road] is {y} years old. On Monday {a} [people|cars|buses] [passed|came by], on Tuesday {b} more than on Monday, and on Wednesday twice as many as on Tuesday. How many [passed|came] on the three days?", "{a} + ({a} + {b}) + ({a} + {b}) * 2", a=whole(8, 99), b=whole(3, 25), y=whole(100, 190))
told(5, "A [train|bus|cook|guard] has {h} hours. [It|The first part] needs {a} minutes [for the way out|for the soup], {k} times as long for [the way back|the main course|the second part], and {c} minutes [at|for] each of {n} [stops|cakes|tasks]. How many minutes [remain|are left]?", "{h} * 60 - {a} - {a} * {k} - {c} * {n}", h=word(3, 7), a=whole(10, 50, 5), k=word(2, 3), c=whole(4, 18), n=word(3, 6), need=lambda v: v.h * 60 > v.a * (1 + v.k) + v.c * v.n + 3)
told(5, "[Room|Flat|Hall] number {y} is painted: {a} walls of {p} square metres and {b} walls of {q} square metres. A square metre [costs|of paint costs] ${m}. How many dollars [is that|does it cost|do they pay]?", "({a} * {p} + {b} * {q}) * {m}", a=whole(2, 8), p=whole(4, 18), b=whole(2, 6), q=whole(9, 30), m=whole(2, 60), y=whole(200, 400))
told(5, "A [shop|school|farm|bakery] [bakes|gets|collects] {d} dozen [eggs|rolls|cards|{baked}]. The [teacher|baker|farmer] [takes|eats|keeps] {k}, and the [rest|others] are [packed|put] into [bags|cartons|boxes] of {n} that sell for ${p} each. How many dollars [is that|do they bring|does it get]?", "({d} * 12 - {k}) / {n} * {p}", need=lambda v: v.d * 12 > v.k + 10, d=word(3, 12), k=whole(3, 30), n=whole(4, 10), p=whole(2, 12))
