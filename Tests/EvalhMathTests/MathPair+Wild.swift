extension MathPair {
    /// As models write them.
    static let wild = read(
        #"""
        ## in the wild
        x = 3 \text{ or } x = -2  ≡  -2, 3
        \left(-\infty, -2\right) \cup \left(2, \infty\right)  ≡  (-\infty,-2)\cup(2,\infty)
        \$10{,}000  ≡  10000
        10\,000  ≡  10000
        2\pi\ \text{rad}  ≡  2\pi
        60^\circ  ≡  \frac{\pi}{3} \text{ radians}
        \frac{\pi}{6} + 2k\pi, \ k \in \mathbb{Z}  ≡  \frac{\pi}{6}+2k\pi
        f(x)=2x+1  ≡  f(x) = 1+2x
        f(x)=2x+1  ≡  2x+1
        \frac{x^2}{4}+\frac{y^2}{3}=1  ≡  3x^2+4y^2=12
        y = \frac{1}{x}  ≡  xy = 1
        x \in (-1, 1)  ≡  (-1,1)
        x \in (-1, 1)  ≡  -1 < x < 1
        x \in (-1, 1)  ≢  [-1,1]
        9.8\ \mathrm{m/s^2}  ≡  9.8
        9.8\ \text{m/s}^2  ≡  9.8
        12\ \mathrm{cm}^{2}  ≡  12 cm^2
        \text{12 cm}  ≡  12
        \text{B. } 12  ≡  B
        \text{(A) } 5  ≡  A
        \text{(A) } 5  ≢  B
        \angle ABC = 60^\circ  ≡  60
        a_n = 2^n - 1  ≡  2^n-1
        \binom{10}{3} = 120  ≡  120
        \frac{1}{2} = 0.5  ≡  0.5
        \approx 3.14  ≡  3.14
        x_1 = 1, x_2 = 2  ≡  1, 2
        \begin{cases} x=1 \\ y=2 \end{cases}  ≡  (1,2)
        \infty  ≡  ∞
        \infty  ≢  -\infty
        \frac{3}{4}\pi  ≡  \frac{3\pi}{4}
        \tan^{-1}(2)  ≡  \arctan 2
        \exp(2)  ≡  e^2
        2^{\frac{1}{3}}  ≡  \sqrt[3]{2}
        \{(1,1),(1,-1)\}  ≡  (1,1), (1,-1)
        \{(1,1),(1,-1)\}  ≢  (1,1), (-1,1)
        1.5 \times 10^{3}  ≡  1500
        n \equiv 3 \pmod 7  ≡  3
        y = \pm 2x  ≡  y = 2x, y = -2x
        -\dfrac{1}{2}  ≡  -0.5
        n(n+1)/2  ≡  \binom{n+1}{2}
        \frac{1}{2n+2}  ≡  \frac{1}{2(n+1)}
        \sqrt{x^2+1}  ≡  \sqrt{1+x^2}
        \frac{\sqrt{3}+1}{\sqrt3-1}  ≡  2+\sqrt3
        (\sqrt2+1)^{10}  ≡  3363+2378\sqrt2
        \left\{\frac{1}{2}\right\}  ≡  \frac12
        \text{True}  ≡  true
        \text{True}  ≢  False
        7  ≡  \text{7}
        \text{None}  ≡  none
        5\text{ hours}  ≡  300 \text{ minutes}
        \frac{a^2-b^2}{a-b}  ≡  a+b
        \frac{1}{a}+\frac{1}{b}  ≡  \frac{a+b}{ab}
        \frac{x}{y}  ≢  \frac{y}{x}
        \frac{x+1}{y+1}  ≡  \frac{2x+2}{2y+2}
        x^{-1}  ≡  \frac1x
        \sqrt{12}+\sqrt{27}  ≡  5\sqrt{3}
        \sqrt[3]{7+5\sqrt2}  ≡  1+\sqrt2
        \sqrt{2}\sqrt{3}  ≡  \sqrt{6}
        \cos\frac{\pi}{5}  ≡  \frac{1+\sqrt5}{4}
        \cos\frac{\pi}{7}-\cos\frac{2\pi}{7}+\cos\frac{3\pi}{7}  ≡  \frac12
        \log_4 8  ≡  \frac32
        \log_{3}{5}  ≡  \log_9 25
        \frac{\ln 9}{\ln 3}  ≡  2
        2\ln x  ≡  \ln x^2
        \sin 2x  ≡  2\sin x\cos x
        \sec^2 x - \tan^2 x  ≡  1
        |{-3}|  ≡  3
        \max(1,2)  ≡  2
        \gcd(12,18)  ≡  6
        10 \bmod 3  ≡  1
        \frac{7!}{5!}  ≡  42
        2^{10}  ≡  1024
        2^{2^{3}}  ≡  256
        0.1\dot{6}  ≡  1/6
        -0  ≡  0
        +5  ≡  5
        5.0  ≡  5
        5.  ≡  5
        .5  ≡  0.5
        007  ≡  7
        3.0\times10^8  ≡  300000000
        1/3 + 1/6  ≡  1/2
        (3)  ≡  3
        {3}  ≡  3
        \boxed{3}  ≡  3
        \displaystyle \frac{1}{2}  ≡  0.5
        \frac{1}{2}.  ≡  0.5
        \left.\frac12\right.  ≡  0.5
        x+y=1  ≡  y = 1 - x
        x>3, x<5  ≡  (3,5)
        3<x<5  ≡  x \in (3,5)
        x \le -1 \text{ or } x \ge 1  ≡  (-\infty,-1]\cup[1,\infty)
        (-\infty,-1]\cup[1,\infty)  ≢  (-\infty,-1)\cup(1,\infty)
        [1,2)\cup(2,3]  ≡  [1,3] \setminus \{2\}
        all real numbers  ≡  (-\infty,\infty)
        \mathbb{R} \setminus \{0\}  ≡  (-\infty,0)\cup(0,\infty)
        \left[\begin{matrix}1\\2\end{matrix}\right]  ≡  \begin{pmatrix}1\\2\end{pmatrix}
        \begin{bmatrix}1&0\\0&1\end{bmatrix}  ≢  \begin{pmatrix}1&0\\0&2\end{pmatrix}
        2\begin{pmatrix}1\\2\end{pmatrix}  ≡  \begin{pmatrix}2\\4\end{pmatrix}
        \frac{3\sqrt{2}}{2}  ≡  \frac{3}{\sqrt{2}}
        1+\sqrt{2}  ≢  1-\sqrt2
        i  ≢  -i
        \frac{1+i}{1-i}  ≡  i
        \sqrt{i}  ≡  \frac{1+i}{\sqrt2}
        e^{i\pi/3}  ≡  \frac12+\frac{\sqrt3}{2}i
        \omega^2+1  ≡  1+\omega^2
        \alpha+\beta  ≡  β+α
        AB  ≡  BA
        \triangle ABC  ≡  ABC
        June  ≡  \text{June}
        \text{Sam and Joe}  ≡  Joe and Sam
        5, 3  ≢  3
        1,2,3  ≢  1,2
        (1,2,3)  ≢  (1,2)
        1  ≡  \text{one}
        2 \text{ or } 3  ≡  3, 2
        \frac{5}{2} \text{ or } 2.5  ≢  2.5
        \frac{2}{3} \approx 0.667  ≡  2/3
        100\pi \text{ cm}^3  ≡  100\pi
        \frac{1}{2}\%  ≡  0.005
        25\%  ≡  \frac14
        25\%  ≡  25
        25\%  ≢  2.5
        \text{25\%}  ≡  25\%
        $5.00  ≡  5
        5 \text{ dollars}  ≡  \$5
        50 \text{ cents}  ≡  \$0.50
        5 million  ≡  5000000
        1,000,000  ≡  10^6
        1000  ≡  1,000
        3 hours  ≡  180 min
        2 ft  ≡  24 inches
        1 km  ≡  1000 m
        """#)
}
