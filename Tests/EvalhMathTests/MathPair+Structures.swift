extension MathPair {
    static let structures = read(
        #"""
        ## polynomials and fractions
        (x+1)^2  ≡  x^2+2x+1
        (a+5)(b+2)  ≡  ab+2a+5b+10
        (5)(2)  ≢  (a+5)(b+2)
        \frac{x^2-1}{x-1}  ≡  x+1
        \frac{11+9a}{20}  ≡  \frac{9a+11}{20}
        \frac{11+9a}{20}  ≡  0.55+0.45a
        x^3+3x-6  ≡  x^3 + 3x - 6
        15x - 80  ≢  80
        15x-80  ≢  15x+80
        2^{n+1}  ≡  2 \cdot 2^n
        4^n  ≡  2^{2n}
        ## points and lists
        (2,4)  ≡  (2, 4)
        (2,4)  ≢  (4,2)
        (2,4)  ≢  \{2,4\}
        2,4  ≡  4,2
        1,-2  ≡  -2,1
        -2  ≢  1,-2
        1331 and 1728  ≡  1331, 1728
        1728  ≢  1331 and 1728
        \{1,2\}  ≡  \{2, 1\}
        \{1,1,2\}  ≡  {1,2}
        \{1\pm\sqrt{5},-2\}  ≡  \{-2, 1+\sqrt5, 1-\sqrt5\}
        1 \pm \sqrt{19}  ≡  1+\sqrt{19}, 1-\sqrt{19}
        1 \pm \sqrt{19}  ≢  1+\sqrt{19}
        x = \pm 2  ≡  2, -2
        ## equations
        x=5  ≡  5
        x = 5  ≡  x=5
        x=5  ≢  y=5
        5  ≢  x = 6
        y = 2x+3  ≡  2x+3
        y = 2x + 3  ≡  y - 2x = 3
        y = 2x + 3  ≡  2x - y + 3 = 0
        5x - 7y + 11z + 4 = 0  ≡  -5x+7y-11z-4=0
        x=1 \text{ or } x=2  ≡  1, 2
        x = 1, 2  ≡  1,2
        x=1, y=2  ≡  (1,2)
        ## intervals
        x>3  ≢  x<3
        x>3  ≡  (3,\infty)
        x \ge 3  ≡  [3,\infty)
        x \geq 3  ≢  (3,\infty)
        3 < x \le 5  ≡  (3,5]
        x \in [-2,7]  ≡  [-2,7]
        -2 \le x \le 7  ≡  [-2, 7]
        (-\infty, 2) \cup (3, \infty)  ≡  x<2 \text{ or } x>3
        (-\infty, 2) \cup (3, \infty)  ≡  (3,\infty) \cup (-\infty,2)
        (0,9) \cup (9,36)  ≡  (0,36)\setminus\{9\}
        (0,9) \cup (9,36)  ≢  (0,36)
        x \neq 2  ≡  (-\infty,2)\cup(2,\infty)
        \mathbb{R}  ≡  (-\infty,\infty)
        (-\infty, 0]  ≢  (-∞,0)
        (3,4]  ≢  (3,4)
        2 < x < 4  ≡  (2,4)
        \{x \mid x > 3\}  ≡  (3,\infty)
        [0,1]\cup[1,2]  ≡  [0,2]
        ## matrices
        \begin{pmatrix} 1 \\ 2 \end{pmatrix}  ≡  (1,2)
        \begin{pmatrix} 1 \\ 2 \end{pmatrix}  ≡  \begin{bmatrix} 1 \\ 2 \end{bmatrix}
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}  ≡  [[1,2],[3,4]]
        \begin{pmatrix} 1 & 2 \end{pmatrix}  ≢  \begin{pmatrix} 1 \\ 2 \end{pmatrix}
        \begin{pmatrix} -1/3 \\ 2/3 \\ 5/3 \end{pmatrix}  ≡  \begin{pmatrix}-\frac{1}{3}\\\frac{2}{3}\\\frac{5}{3}\end{pmatrix}
        \frac13\begin{pmatrix} -1 \\ 2 \end{pmatrix}  ≡  \begin{pmatrix}-\frac{1}{3}\\\frac{2}{3}\end{pmatrix}
        \left[\begin{array}{cc} 1 & 2 \\ 3 & 4\end{array}\right]  ≡  \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
        96  ≢  \begin{pmatrix} -18 \\ -49 \\ 96 \end{pmatrix}
        \langle 1,2 \rangle  ≡  (1,2)
        """#)
}
