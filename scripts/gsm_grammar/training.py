"""Further stories of the training split, on all levels, each told in many ways: what a model is trained on needs more variety than a test."""
from .engine import from_others, pick, template, whole, word

KINDS = ("{toy}", "{fruit}", "{baked}", "{pack}", "{animal}", "{plant}", "{tool}")
number = iter(range(101, 1000, 2))


def told(level, text, equation, **rest):
    template(f"{level}-{next(number)}", text, equation, **rest)


for thing in KINDS:
    told(1, (f"{{A}} [has|owns|keeps] {{a}} {thing} and [gets|buys|receives|finds] {{b}} more. How many {thing} does {{A}} have [now|in all|in total|altogether]?",
             f"[There are|We see|A farm has|A shop has|A school has] {{a}} {thing} [on Monday|in the morning|at first|in the yard]. [Then|Later|After lunch|On Tuesday] {{b}} more [arrive|come|are brought]. "
             f"How many {thing} are there [now|then|altogether]?"), "{a} + {b}", a=whole(5, 300), b=whole(4, 200))
    told(1, (f"{{A}} had {{a}} {thing} [but|and] [lost|sold|used|gave away] {{b}} of them. How many {thing} [are left|remain|does {{A}} still have]?",
             f"Of {{a}} {thing} [in a box|at the market|in the barn|on a shelf|in a shop], {{b}} [are sold|are taken away|are missing|get lost]. How many [stay|remain|are left|are still there]?"),
         "{a} - {b}", need=lambda v: v.a > v.b + 2, a=whole(15, 400), b=whole(4, 250))
    told(1, (f"[One|A|Each] [bag|box|basket|crate] holds {{a}} {thing}. How many {thing} [are in|fit into|do] {{b}} [bags|boxes|baskets|crates] [hold]?",
             f"{{A}} [fills|packs|carries] {{b}} [boxes|bags|cartons] with {{a}} {thing} in each. How many {thing} is that [in all|altogether|in total]?"),
         "{a} * {b}", a=whole(3, 60), b=whole(3, 30))
    told(1, (f"{{A}} [shares|splits|divides] {{t}} {thing} [equally|evenly] among {{n}} [children|people|friends|teams|shops]. How many {thing} does each [get|receive]?",
             f"{{t}} {thing} are [packed|put|sorted] into [boxes|bags|rows|groups] of {{n}}. How many [boxes|bags|rows|groups] [are there|does that make|are filled]?"),
         "{t} / {n}", n=whole(3, 12), q=whole(3, 40), t=from_others(lambda v: v.n * v.q))
    told(2, f"{{A}} has {{a}} {thing}. {{B}} has {{k}} times as many. How many {thing} do [the two|they] have [together|in all|altogether]?", "{a} + {a} * {k}", a=whole(4, 60), k=word(2, 7))
    told(2, f"[There are|A farmer has|A shop has] {{a}} [crates|boxes|rows|baskets] of {thing} with {{b}} in each, and {{c}} [more|others] [on the floor|in the barn|on a shelf]. How many {thing} are there [in all|altogether]?",
         "{a} * {b} + {c}", a=whole(3, 14), b=whole(4, 24), c=whole(3, 60))
    told(2, f"{{A}} [picks|plants|collects|packs] {{a}} [rows|baskets|boxes] of {thing} with {{b}} in each. [Later|In the night|At home] {{c}} of them are [lost|destroyed|stolen|thrown away]. How many are left?",
         "{a} * {b} - {c}", need=lambda v: v.a * v.b > v.c + 3, a=whole(3, 14), b=whole(4, 24), c=whole(3, 50))
    told(2, f"[There are|At first there are] {{a}} {thing}. {{b}} [leave|are taken|go away], and [then|later] {{c}} [new ones come|arrive|are brought back]. How many {thing} are there [now|then]?",
         "{a} - {b} + {c}", need=lambda v: v.a > v.b, a=whole(30, 260), b=whole(6, 60), c=whole(3, 50))
    told(2, f"{{A}} [brings|has|finds] {{a}} {thing} and {{B}} [brings|has|finds] {{b}}. They [pack|put] them into [boxes|bags|cartons] of {{n}}. How many [boxes|bags|cartons] do they fill?",
         "({a} + {b}) / {n}", n=whole(3, 12), q=whole(5, 20), a=whole(8, 90), b=from_others(lambda v: v.q * v.n - v.a), need=lambda v: v.b > 2)
    told(2, f"Of {{t}} {thing}, {{a}} are [kept|set aside|left] at home. The [rest|others] are [spread|shared] [evenly|equally] over {{n}} [boxes|rows|houses|tables]. How many {thing} are [in|on|at] each?",
         "({t} - {a}) / {n}", n=whole(3, 12), q=whole(4, 24), a=whole(4, 60), t=from_others(lambda v: v.q * v.n + v.a))
    told(2, f"[Every day|Each week|Every morning] {{A}} [sells|uses|packs] {{a}} red {thing} and {{b}} white {thing}. How many [does|will] {{A}} [sell|use|pack] in {{n}} [days|weeks|mornings]?",
         "({a} + {b}) * {n}", a=whole(3, 40), b=whole(3, 40), n=whole(3, 25))
    told(3, f"{{A}} has {{d}} dozen {thing} and [uses|sells|gives away|loses] {{b}} of them. How many [remain|are left|stay]?", "{d} * 12 - {b}", need=lambda v: v.d * 12 > v.b + 2, d=word(2, 12), b=whole(3, 70))
    told(3, f"There are {{t}} {thing}. Half of them are [sold|used|given away], and {{b}} [get lost|are thrown away|leave]. How many are left?", "{t} / 2 - {b}",
         q=whole(12, 160), t=from_others(lambda v: v.q * 2), b=whole(3, 20), need=lambda v: v.q > v.b + 2)
    told(3, f"[A farm|A shop|A school|A market] has {{t}} {thing}. {{p}}% of them are [red|white|new|old|small]. How many are [not|of other kinds]?", "{t} - {t} * {p} / 100",
         t=whole(40, 800, 20), p=pick(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 75))
    told(4, f"Of {{t}} {thing}, [a quarter|one quarter] are [sold|used] on Monday and {{b}} on Tuesday. How many are left?", "{t} - {t} / 4 - {b}",
         q=whole(15, 70), t=from_others(lambda v: v.q * 4), b=whole(5, 40))
    told(4, f"[A lorry|A train|A ship] carries {{t}} {thing}. It [leaves|drops] {{a}} at each of {{n}} [shops|stops|farms|schools] and {{b}} at [a|the] [museum|castle|market]. How many are [still on it|left]?",
         "{t} - ({a} * {n} + {b})", need=lambda v: v.t > v.a * v.n + v.b + 5, a=whole(5, 50), n=word(3, 9), b=whole(4, 60), t=whole(150, 600, 10))
    told(4, f"{{A}} has {{a}} {thing}. {{B}} has {{k}} times as many as {{A}}, and {{C}} has {{c}} fewer than {{B}}. How many {thing} do {{A}} and {{C}} have [together|in all]?",
         "{a} * {k} - {c} + {a}", need=lambda v: v.a * v.k > v.c + 2, a=whole(5, 60), k=word(2, 6), c=whole(2, 20))
    told(5, f"On Monday {{A}} [counts|sees|sells] {{a}} {thing}, on Tuesday {{b}} more than on Monday, and on Wednesday twice as many as on Tuesday. How many [are|is] that [in all|on the three days|altogether]?",
         "{a} + ({a} + {b}) + ({a} + {b}) * 2", a=whole(8, 99), b=whole(3, 25))
    told(5, f"{{A}} [collects|packs|makes] {{d}} dozen {thing} and keeps {{k}}. The rest are packed into [bags|boxes] of {{n}} that sell for ${{p}} each. How many dollars does {{A}} get [in all|for them]?",
         "({d} * 12 - {k}) / {n} * {p}", need=lambda v: v.d * 12 > v.k + 10, d=word(3, 12), k=whole(3, 30), n=whole(4, 10), p=whole(2, 12))
    told(5, f"{{a}} [rows|trees|boxes] with {{b}} {thing} each and {{c}} with {{d}} each are packed into crates of {{n}}. How many crates are [filled|that]?",
         "({a} * {b} + {c} * {d}) / {n}", a=whole(5, 20), b=whole(5, 40), c=whole(4, 20), d=whole(5, 30), n=whole(4, 15))
