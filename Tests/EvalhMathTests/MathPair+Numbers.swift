extension MathPair {
    static let numbers = read(
        #"""
        ## numbers
        0.5  ≡  50\%
        1/2  ≡  50 %
        50  ≡  50\%
        \frac43  ≡  4/3
        1\frac{4}{5}  ≡  9/5
        137 \frac{1}{2}  ≡  137.5
        0.\overline{3}  ≡  \frac13
        0.333...  ≡  1/3
        0.1\overline{6}  ≡  1/6
        0.(3)  ≡  1/3
        0.\dot{1}4285\dot{7}  ≡  1/7
        0.333  ≢  1/3
        6.72 \times 10^{-5}  ≡  .0000672
        6.72e-5  ≡  0.0000672
        10,\!080  ≡  10080
        11,\! 111,\! 111,\! 100  ≡  11111111100
        1,234,567  ≡  1234567
        1 234 567  ≡  1234567
        ## bases
        52_8  ≡  52_{8}
        52_8  ≡  52
        52_8  ≢  42
        2516_8  ≢  5236
        1A_{16}  ≡  1a_{16}
        1\text{A}_{16}  ≡  1A_{16}
        52_{\text{eight}}  ≡  52_8
        ## degrees
        90^\circ  ≡  90
        90^\circ  ≡  \frac{\pi}{2}
        90^\circ  ≡  90 \text{ degrees}
        76°  ≡  76
        ## roots and constants
        \sqrt{18}  ≡  3\sqrt2
        \sqrt{18}  ≢  18
        \sqrt{5}  ≢  5
        √5  ≡  \sqrt{5}
        3√13  ≡  3\sqrt{13}
        \frac{1}{\sqrt{3}}  ≡  \frac{\sqrt{3}}{3}
        \frac{2}{1+\sqrt5}  ≡  \frac{\sqrt5-1}{2}
        \sqrt{3+2\sqrt2}  ≡  1+\sqrt2
        \sqrt[3]{54}  ≡  3\sqrt[3]{2}
        \sqrt[3]{-8}  ≡  -2
        2^{1/2}2^{1/3}  ≡  2^{5/6}
        \sqrt{-4}  ≡  2i
        \frac{1}{i}  ≡  -i
        e^{i\pi}  ≡  -1
        (1+i)^2  ≡  2i
        \pi  ≢  3.14
        \pi  ≢  3.14159265358979
        \pi  ≢  3.141592653589793238
        \sqrt2  ≢  1.41421356237309505
        e  ≢  2.718281828459045
        ## functions
        \ln 8  ≡  3\ln 2
        \log_2 8  ≡  3
        \log_{10} 100  ≡  2
        \log_2 3  ≡  \frac{\ln 3}{\ln 2}
        \sin 30^\circ  ≡  \frac12
        \sin\frac{\pi}{3}  ≡  \frac{\sqrt3}{2}
        \cos^2 x + \sin^2 x  ≡  1
        \tan x  ≡  \frac{\sin x}{\cos x}
        \sin^{-1}(1)  ≡  \frac{\pi}{2}
        \arctan 1  ≡  \pi/4
        \sin(1)  ≢  0.8414709848
        \sin(1)  ≢  0.8414709848078965
        5!  ≡  120
        \binom{5}{2}  ≡  10
        {5 \choose 2}  ≡  10
        \binom{n}{2}  ≡  \frac{n(n-1)}{2}
        2024!  ≡  2024!
        2^{2024}-1  ≡  2^{2024} - 1
        2^{2024}-1  ≢  2^{2024}
        """#)
}
