extension MathPair {
    static let words = read(
        #"""
        ## units and money
        \$36  ≡  36
        \$18.90  ≡  18.9
        $18.90  ≡  18.90 \text{ dollars}
        5.4 \text{ cents}  ≡  5.4
        \$0.05  ≡  5 \text{ cents}
        \$5  ≢  5 \text{ cents}
        15\mbox{ cm}^2  ≡  15
        15\mbox{ cm}^2  ≡  15 \text{ square centimeters}
        15 cm^2  ≢  15 cm
        864 \mbox{ inches}^2  ≡  864 square inches
        5 \text{ m}  ≡  500 \text{ cm}
        5 \text{ m}  ≢  5 \text{ cm}
        60 mph  ≡  60 miles per hour
        \frac{270}7\text{ degrees}  ≡  \frac{270}{7}
        12^{\mathrm{th}} \text{ grade}  ≡  12
        11th \text{ grade}  ≢  12
        ## words and choices
        \text{Evelyn}  ≡  Evelyn
        \text{Evelyn}  ≡  evelyn
        \text{even}  ≢  \text{odd}
        \text{east}  ≡  east
        \text{(C)}  ≡  C
        (C)  ≡  \textbf{(C)}
        C  ≢  D
        (C) 12  ≡  C
        C. 12  ≡  \text{(C)}
        C) 12  ≡  12
        \text{Monday}  ≡  monday
        Mon  ≡  Monday
        Monday  ≢  Tuesday
        \text{odd}  ≡  odd
        \text{yes}  ≡  Yes
        no solution  ≡  \text{No real solutions}
        \emptyset  ≡  \{\}
        \text{red and blue}  ≡  blue and red
        ## what models write
        1 - \frac{1}{e}  ≢  1 + \frac{1}{e}
        3R^2  ≢  \frac{a^2+b^2+c^2}{2}+3R^2
        p - q  ≡  p-q
        6+9i  ≡  9i + 6
        \frac{20000}{\pi}  ≡  20000/\pi
        f(x) = x^2  ≡  x^2
        m+n = 113  ≡  113
        2x+3 = 7  ≢  7
        3 \pmod 7  ≡  3
        |x|  ≡  \sqrt{x^2}
        \sqrt{x^2}  ≢  x
        \lfloor 3.7 \rfloor  ≡  3
        \frac{\pi}{2} + 2k\pi  ≡  \pi/2 + 2\pi k
        120^\circ  ≡  2\pi/3
        x^{10}  ≡  x^10
        2\sqrt{113}  ≡  2\sqrt{113} units
        \sqrt{x}\sqrt{y}  ≡  \sqrt{xy}
        \frac{\sqrt{21}}{5}  ≡  \sqrt{\frac{21}{25}}
        0.1+0.2  ≡  0.3
        1e400  ≡  1e400
        \frac{3}{0}  ≢  5
        \log 100  ≡  2
        ১৮  ≡  18
        １２３  ≡  123
        ½  ≡  0.5
        1½  ≡  1.5
        x²+1  ≡  x^2+1
        2π  ≡  2\pi
        100,200,300  ≡  100, 200, 300
        (1,234)  ≢  1234
        5 apples  ≡  5
        five  ≡  5
        \sum_{k=1}^n k  ≡  \sum_{k=1}^{n} k
        \sum_{k=1}^n k  ≢  \sum_{k=1}^{n} k^2
        2xyzw  ≢  2
        1000000007  ≢  1000000008
        \frac{1}{3}+10^{-15}  ≢  \frac13
        x + 10^{-30}\sin x  ≢  x
        \sin^2 x+\cos^2 x + 10^{-30}  ≢  1
        \sin(x)+10^{-9}  ≢  \sin x
        a=1, b=2  ≡  a = 1, b = 2
        (x,y) = (1,2)  ≡  (1,2)
        (1,2), (3,4)  ≡  (3,4), (1,2)
        2\sqrt{3} + \sqrt[4]{2}  ≡  \sqrt[4]{2}+2\sqrt{3}
        -\frac{35}{9}  ≡  \frac{-35}{9}
        1/2x  ≡  \frac{x}{2}
        3,14  ≢  3.14
        \frac{3}{2}x  ≡  1.5x
        $\frac{1}{2}$  ≡  0.5
        \( \frac{1}{2} \)  ≡  0.5
        \frac{n!}{k!(n-k)!}  ≡  \frac{n!}{(n-k)!k!}
        \cot x  ≡  \frac{\cos x}{\sin x}
        4\sqrt{2}\text{ feet}  ≡  4\sqrt2
        \text{$x = 5$}  ≡  5
        t=\frac{1}{2}\ln 3  ≡  \ln\sqrt{3}
        6 \text{ or } 8  ≡  6,8
        100^{99}  ≡  10^{198}
        10^{10^{10}}  ≡  10^{10^{10}}
        10^{10^{10}}  ≢  10^{10^{9}}
        $1,000  ≡  1000
        €5  ≡  5
        7:30  ≡  7:30
        7:30  ≢  7:45
        3:4  ≢  \frac34
        \frac{a}{b} = 3  ≡  3
        """#)
}
