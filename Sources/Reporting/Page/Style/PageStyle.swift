/// The page's style sheet, in parts.
enum PageStyle {
    static let sheet = [colours, layout, tables, plots, list, dialog, print].joined(separator: "\n") + "\n"

    private static let light =
        "--paper:#faf9f6;--card:#fff;--ink:#1c2024;--muted:#5c656e;--line:#e3e0d9;--soft:#f2f0eb;--accent:#2b5d8c;--good:#1a7464;--bad:#b0412a;--warn:#8a6100;--heat:43,93,140"
    private static let dark =
        "--paper:#14171a;--card:#1b1f23;--ink:#e8e6e1;--muted:#9ba5ae;--line:#2e343a;--soft:#22272c;--accent:#7fb3e0;--good:#4cc2a8;--bad:#f08a6c;--warn:#e0b050;--heat:127,179,224"

    private static let colours = """
        :root{color-scheme:light;\(light)}
        @media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;\(dark)}}
        :root[data-theme=dark]{color-scheme:dark;\(dark)}
        """

    private static let layout = """
        *{box-sizing:border-box}html{scroll-padding-top:1rem}[hidden]{display:none!important}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        main{max-width:1180px;margin:0 auto;padding:2.5rem 1.5rem 5rem;min-width:0}main:focus{outline:0}
        .skip{position:absolute;left:-99em}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5em 1em;z-index:9}
        nav{padding:.5rem 1.5rem;border-bottom:1px solid var(--line);background:var(--card);display:flex;gap:1rem;align-items:center}
        nav ul{list-style:none;display:flex;gap:.2rem 1rem;margin:0;padding:0;overflow-x:auto;scrollbar-width:none;flex:1;min-width:0}
        nav a{color:var(--muted);text-decoration:none;font-size:.875rem;white-space:nowrap;display:block;padding:.25rem 0}nav a:hover{color:var(--ink)}
        header{margin-bottom:2.5rem}h1{font-size:clamp(1.7rem,4vw,2.5rem);line-height:1.15;letter-spacing:-.02em;margin:.2rem 0 1rem;font-weight:650}
        h2{font-size:1.3rem;letter-spacing:-.01em;font-weight:620;margin:0 0 1rem}h3{font-size:1rem;font-weight:620;margin:1.5rem 0 .6rem}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.5rem 1.75rem;margin:0 0 1.5rem;min-width:0}
        .kicker,.note{color:var(--muted);font-size:.875rem;margin:.6rem 0}.kicker{margin:0}
        code{font:.92em ui-monospace,monospace}a{color:var(--accent)}
        .verdict{font-size:1.05rem;margin:0 0 1.5rem}.verdict strong{display:inline-block;padding:.1em .7em;border-radius:99px;border:1.5px solid;margin-right:.5em}
        .pass strong{color:var(--good)}.fail strong{color:var(--bad)}.inconclusive strong{color:var(--warn)}
        .facts{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:0}.facts dt{color:var(--muted);font-size:.8rem}.facts dd{margin:0;font-size:1.25rem;font-weight:600}
        .facts.small{gap:.6rem 1.6rem;margin:.8rem 0}.facts.small dd{font-size:1rem;font-weight:500}
        .problems{border-left:3px solid var(--bad);padding-left:1rem;margin-top:1.2rem}.problems p{margin:0}
        .gates{list-style:none;padding:0;margin:0}.gates li{padding:.7rem 0;border-top:1px solid var(--line)}.gates li:first-child{border:0}
        .gates strong{display:inline-block;min-width:7.5rem}.gates span{color:var(--muted);display:block}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1.5rem 2.5rem}.pair>div{min-width:0}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem 2rem}
        button,select,input{font:inherit;color:inherit}button{background:var(--soft);border:1px solid var(--line);border-radius:7px;padding:.3rem .8rem;cursor:pointer}
        button:hover:not(:disabled){border-color:var(--muted)}button:disabled{opacity:.45;cursor:default}
        button.link,.sortable thead button{background:none;border:0;padding:0;color:var(--accent);text-decoration:underline;text-underline-offset:2px}
        select,input[type=search]{background:var(--card);border:1px solid var(--line);border-radius:7px;padding:.4rem .6rem;min-width:0;max-width:100%;width:100%}
        :focus-visible{outline:2.5px solid var(--accent);outline-offset:2px}
        form{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.8rem 1rem;align-items:end}form label{font-size:.82rem;color:var(--muted);min-width:0}
        form label>select,form label>input{display:block;margin-top:.2rem;font-size:.95rem;color:var(--ink)}form .wide{grid-column:1/-1}form .check{grid-column:1/-1}form button{justify-self:start}form .check input{display:inline;margin:0 .4em 0 0}
        @media(max-width:640px){main{padding:1.5rem .8rem 3rem}section{padding:1.1rem 1rem;border-radius:9px}nav{padding:.5rem .8rem}}
        """

    private static let tables = """
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875rem}caption{text-align:left;color:var(--muted);padding:0 0 .5rem;font-size:.82rem}
        th,td{overflow-wrap:break-word;padding:.45rem .75rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}th:first-child,td:first-child{padding-left:0}
        thead th{color:var(--muted);font-weight:500;font-size:.8rem;vertical-align:bottom}tbody th{font-weight:550}tbody tr:last-child>*{border-bottom:0}
        td.n,th.n{text-align:right}.sortable thead button{color:inherit;text-decoration:none;font-weight:inherit;text-align:inherit}.sortable thead button:hover{color:var(--ink)}
        th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
        .numbers caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.numbers .scroll{position:relative;margin-top:.5rem}
        #provenance td{white-space:normal}details{margin:.5rem 0}summary{cursor:pointer;color:var(--muted);font-size:.875rem}
        .heat{display:inline-block;min-width:4.2rem;text-align:center;padding:.1rem .4rem;border-radius:4px;background:rgba(var(--heat),.06)}
        .heat.h1{background:rgba(var(--heat),.18)}.heat.h2{background:rgba(var(--heat),.3)}.heat.h3{background:rgba(var(--heat),.42)}.heat.h4{background:rgba(var(--heat),.55)}
        """

    private static let plots = """
        figure{margin:.6rem 0}figure .scroll svg,dialog .scroll svg{display:block;width:100%;min-width:480px;height:auto;font:12px system-ui,sans-serif}svg text{fill:currentColor}
        .curve{stroke-width:2}.diagonal{stroke:var(--muted);stroke-dasharray:4 4}.gain{fill:var(--s0)}.loss{fill:var(--s1)}.sum{fill:var(--muted)}
        .meter{width:7rem;height:8px;min-width:0;vertical-align:middle}.track{fill:var(--soft)}.fill{fill:var(--accent)}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0;padding:0;font-size:.82rem;color:var(--muted)}
        .swatch{display:inline-block;width:1.1rem;border-top:3px solid;margin-right:.45rem;vertical-align:.28em}.swatch.dashed{border-top-style:dashed}
        \(FrontierPlot.colours.indices.map { ".c\($0){color:var(--s\($0))}" }.joined())
        """

    private static let list = """
        #list{margin-top:.5rem;overflow-x:auto;border:1px solid var(--line);border-radius:8px}.vhead,.vrow{display:grid;grid-template-columns:minmax(12rem,3fr) minmax(8rem,2fr) 5.5rem 6rem 6rem 6rem minmax(6rem,1fr) minmax(6rem,1fr);gap:0 1.2rem;min-width:60rem;padding:0 .9rem;align-items:center;font-size:.875rem}
        .vhead{background:var(--soft);border-bottom:1px solid var(--line);height:36px}.vhead button{background:none;border:0;padding:0;color:var(--muted);font-size:.8rem}
        .vhead [aria-sort=ascending] button::after{content:" ↑"}.vhead [aria-sort=descending] button::after{content:" ↓"}.vhead .n,.vrow .n{text-align:right}
        .vport{position:relative;height:min(34rem,70vh);overflow-y:auto;overflow-anchor:none;min-width:60rem}.vpad{position:relative}.vrow{position:absolute;left:0;right:0;height:34px;cursor:pointer;border-bottom:1px solid var(--line)}
        .vrow:hover{background:var(--soft)}.vrow:focus-visible{outline-offset:-3px}.vrow>*{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.vrow small{color:var(--muted);margin-left:.6em;font-size:.8rem}
        .right{color:var(--good)}.wrong{color:var(--bad)}.error{color:var(--warn)}
        """

    private static let dialog = """
        dialog{border:1px solid var(--line);border-radius:14px;background:var(--card);color:var(--ink);padding:0;width:min(64rem,calc(100vw - 1.5rem));max-height:calc(100vh - 2rem);overflow-y:auto}
        dialog::backdrop{background:rgba(10,12,14,.5)}dialog .bar{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;background:var(--card);border-bottom:1px solid var(--line);padding:.8rem 1.5rem}
        dialog .bar h2{flex:1;margin:0;font-size:1.05rem;min-width:12rem}dialog h2:focus{outline:0}#session-body{padding:1rem 1.5rem 2rem}dialog h3{font-size:.85rem;color:var(--muted);margin:1.4rem 0 .4rem}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);border-radius:8px;padding:.8rem 1rem;margin:0;max-height:26rem;overflow:auto;font:.875rem/1.5 ui-monospace,monospace;unicode-bidi:isolate}
        .gap{display:block;color:var(--warn);font-family:system-ui,sans-serif;margin:.4em 0}.peers{display:flex;flex-wrap:wrap;gap:.4rem}.peers button{font-size:.82rem}.peers [aria-current=true]{border-color:var(--accent);border-width:2px}
        .bar-stop{fill:var(--s0)}.bar-length{fill:var(--s4)}.bar-cancelled{fill:var(--card);stroke:var(--muted);stroke-width:1.2;stroke-dasharray:3 2}.bar-other{fill:var(--muted)}
        .items{list-style:none;padding:0;margin:.4rem 0}.items li{padding:.15rem 0}.items button{text-align:left;max-width:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:.875rem}
        """

    private static let print = """
        @media print{@page{margin:14mm}:root,:root:not([data-theme=light]),:root[data-theme=dark]{color-scheme:light;\(light);--paper:#fff}body{font-size:10.5pt}nav,.skip,#filters,#list,#flips,#sessions,button,dialog{display:none!important}
        main{max-width:none;padding:0}section{border:0;padding:0;margin:0 0 1.6rem;border-radius:0}.scroll{overflow:visible}figure{break-inside:avoid}h2,h3,caption{break-after:avoid}table{font-size:8pt}th,td{white-space:normal;padding:.25rem .4rem}.axes input,.axes label,.axes legend{display:none}
        .sortable thead button{display:inline!important}}
        """
}
