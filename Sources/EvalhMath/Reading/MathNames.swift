/// What names mean that more than one part of the reader knows.
enum MathNames {
    static let greek: Set<String> = [
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
        "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma",
        "Delta", "Theta", "Lambda", "Xi", "Sigma", "Phi", "Psi", "Omega", "ell", "hbar",
    ]

    static let constants: [String: MathConstant] = [
        "pi": .pi, "e": .e, "i": .i, "infty": .infinity, "infinity": .infinity, "oo": .infinity, "inf": .infinity,
    ]

    /// Words of one to three letters that are no product of variables.
    static let shortWords: Set<String> = [
        "and", "or", "odd", "yes", "no", "sum", "one", "two", "six", "ten", "cm", "km", "mm", "kg", "mg", "ml", "ft",
        "lb", "lbs", "oz", "hr", "hrs", "min", "sec", "mph", "kph", "mi", "in", "mod", "sq", "red", "mon", "tue", "wed",
        "thu", "fri", "sat", "sun", "may", "day", "the", "is", "all", "not", "base", "th", "st", "nd", "rd", "cup",
        "box", "men", "man", "boy", "dog", "cat", "tie", "win", "yd", "gal", "usd",
    ]

    /// Commands of LaTeX that change how the next thing looks, and nothing else.
    static let looks: Set<String> = [
        "displaystyle", "textstyle", "scriptstyle", "limits", "left", "right", "big", "Big", "bigg", "Bigg", "bigl",
        "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "boldsymbol", "mathbf", "mathit", "mathcal",
        "mathsf", "mathbb", "vec", "hat", "tilde", "bm", "hline", "phantom", "ensuremath", "nolimits", "middle",
        "mathstrut", "strut", "noindent", "underline", "boxed", "fbox", "displaylines", "mathop", "operatorname*",
    ]

    /// Commands whose braces hold words.
    static let texts: Set<String> = [
        "text", "textbf", "textit", "textrm", "textsf", "texttt", "mathrm", "mbox", "emph", "textnormal", "mathtt",
        "hbox", "operatorname", "textsc", "rm", "bf",
    ]

    /// Commands, characters and words of Unicode as one mark each.
    static let marks: [String: Unicode.Scalar] = [
        "cdot": "*", "times": "*", "ast": "*", "div": "/", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤", "leqslant": "≤",
        "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "in": "∈", "cup": "∪",
        "bigcup": "∪", "cap": "∩", "setminus": "∖", "backslash": "∖", "approx": "≈", "equiv": "≡", "to": "→",
        "rightarrow": "→", "implies": "→", "Rightarrow": "→", "mid": "|", "vert": "|", "lvert": "|", "rvert": "|",
        "colon": ":", "circ": "°", "degree": "°", "prime": "'", "emptyset": "∅", "varnothing": "∅", "langle": "⟨",
        "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrace": "⦃", "rbrace": "⦄",
        "ldots": "…", "dots": "…", "cdots": "…", "dotsc": "…", "lbrack": "[", "rbrack": "]", "lparen": "(",
        "rparen": ")", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "iff": "→", "simeq": "≈", "sim": "≈",
        "colonequals": "=", "coloneqq": "=", "dagger": "'", "euro": "€", "pounds": "£", "lVert": "|", "rVert": "|",
        "Vert": "|", "bullet": "*", "notin": "∉", "cong": "≡", "propto": "∝", "mapsto": "→", "Longrightarrow": "→",
        "longrightarrow": "→", "therefore": "→", "infin": "∞",
    ]
}

extension MathNames {
    /// Other names of the same commands.
    static let short: [String: String] = [
        "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom", "bar": "overline",
        "tg": "tan", "ctg": "cot", "arctg": "arctan", "widehat": "overline", "overrightarrow": "overline",
        "dot": "overline", "mod": "pmod", "bmod": "pmod", "varpi": "pi", "Re": "unread", "Im": "unread",
    ]

    /// Whether letters together name a function, a constant or a variable.
    static func isName(_ word: String) -> Bool {
        MathFunction.names[word] != nil && word != "min" && word != "max" || greek.contains(word)
            || constants[word] != nil || ["sqrt", "log", "lg", "exp", "cbrt", "arctg"].contains(word)
    }

    /// `sin` of `sinx`.
    static func functionHead(of word: String) -> String? {
        guard let last = word.last, "xyzABC".contains(last) else { return nil }
        let head = String(word.dropLast())
        return head.utf8.count >= 3 && (MathFunction.names[head] != nil || head == "log" || head == "sqrt")
            ? head : nil
    }
}
