"""Equations of word problems in exact rationals, read with the `ast` module and never run as code."""
import ast
import operator
import re
from collections import namedtuple
from fractions import Fraction

Step = namedtuple("Step", "left sign right result")
OPERATORS = {ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul), ast.Div: ("/", operator.truediv)}


def parse(equation):
    """The tree of an equation. Raises `ValueError` for anything but numbers, `+ - * /` and brackets."""
    if len(equation) > 500:
        raise ValueError("the equation is longer than 500 characters")
    try:
        return ast.parse(equation, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"not an equation: {error}") from None


def literal(node, equation):
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        raise ValueError(f"only numbers, + - * / and brackets are allowed: {ast.dump(node)[:80]}")
    # The digits as written: a float would not be exact.
    digits = ast.get_source_segment(equation, node)
    if not re.fullmatch(r"\d+(\.\d+)?", digits):
        raise ValueError(f"not a plain number: {digits}")
    return Fraction(digits)


def steps(equation):
    """The operations in the order in which one works them out."""
    found = []

    def walk(node):
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = walk(node.left), walk(node.right)
            sign, apply = OPERATORS[type(node.op)]
            if sign == "/" and right == 0:
                raise ValueError("division by zero")
            found.append(Step(left, sign, right, apply(left, right)))
            return found[-1].result
        return literal(node, equation)

    walk(parse(equation))
    return found


def evaluate(equation):
    found = steps(equation)
    return found[-1].result if found else literal(parse(equation), equation)


def literals(equation):
    """All numbers written in the equation."""
    return [literal(node, equation) for node in ast.walk(parse(equation)) if isinstance(node, ast.Constant)]


def plain(value, form="decimal"):
    """Digits without thousands separators. `form`: "decimal", a fraction where decimals would not end; "money", with two decimals or
    none; "fraction", never decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    if form != "fraction":
        for digits in ([2] if form == "money" else range(1, 5)):
            scaled = value * 10**digits
            if scaled.denominator == 1:
                return f"{'-' if value < 0 else ''}{abs(scaled.numerator) // 10**digits}.{abs(scaled.numerator) % 10**digits:0{digits}d}"
    return f"{value.numerator}/{value.denominator}"


def worked(equation, form="decimal"):
    """The solution in one line: each operation once, then the result behind the marker `####`."""
    parts = [f"{plain(s.left, form)} {s.sign} {plain(s.right, form)} = {plain(s.result, form)}" for s in steps(equation)]
    return "; ".join(dict.fromkeys(parts)) + f" #### {plain(evaluate(equation), form)}"
