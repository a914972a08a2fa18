"""The reference model's vocabulary: the grammar's words, single digits, punctuation, and bytes for everything else.

A token carries the blank in front of it, so texts come back byte for byte. Row numbers are part of the weights: the word list is only
ever appended to, and the last rows are reserved for predictions about the answer (they are never sampled).
"""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = 2048
SPECIAL = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>", "<|system|>"]
BYTES = len(SPECIAL)
WORDS = BYTES + 256
REWARD_STATES, LENGTH_BINS = 2, 8
RESERVED = SIZE - REWARD_STATES * LENGTH_BINS
PAD, USER, ASSISTANT, END, SYSTEM = range(5)
PIECE = re.compile(r" ?[A-Za-z]+| ?[0-9]| ?[^\sA-Za-z0-9]|\s")


class Tokenizer:
    def __init__(self, path=os.path.join(HERE, "vocabulary.txt")):
        with open(path, encoding="utf-8") as file:
            # A blank in front is written as `_`, so that editors cannot lose it.
            self.words = [line.rstrip("\n").replace("_", " ", 1) if line.startswith("_") else line.rstrip("\n") for line in file]
        if WORDS + len(self.words) > RESERVED:
            raise ValueError("the vocabulary is full")
        self.rows = {word: WORDS + index for index, word in enumerate(self.words)}

    def encode(self, text):
        tokens = []
        for piece in PIECE.findall(text):
            row = self.rows.get(piece)
            if row is not None:
                tokens.append(row)
            else:
                tokens.extend(BYTES + byte for byte in piece.encode("utf-8"))
        return tokens

    def decode(self, tokens):
        out = bytearray()
        for token in tokens:
            if BYTES <= token < WORDS:
                out.append(token - BYTES)
            elif WORDS <= token < WORDS + len(self.words):
                out.extend(self.words[token - WORDS].encode("utf-8"))
        return out.decode("utf-8", "replace")
