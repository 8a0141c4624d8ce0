/** ln Γ(x) for x > 0 (Lanczos, g = 7; Stirling's series from 30 on). */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, not ${x}`)
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  if (x >= 30) {
    const square = 1 / (x * x)
    const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680)))) / x
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series
  }
  const shifted = x - 1
  let sum = LANCZOS[0]!
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (shifted + i)
  const base = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum)
}

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
]

/** P(Z ≤ x), Z standard normal; good in relative terms in the lower tail too (series near 0, continued fraction beyond). */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  const distance = Math.abs(x)
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
  if (distance < 3) {
    // Marsaglia (2004): Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …).
    let term = x
    let sum = x
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
      term *= (x * x) / k
      sum += term
    }
    return 0.5 + density * sum
  }
  if (distance === Number.POSITIVE_INFINITY) return x > 0 ? 1 : 0
  // Mills' ratio as Laplace's continued fraction, from the far end back.
  let fraction = distance
  for (let k = 200; k >= 1; k--) fraction = distance + k / fraction
  const tail = density / fraction
  return x > 0 ? 1 - tail : tail
}

/** The x with P(Z ≤ x) = p (Wichura 1988, AS 241, PPND16: about 16 digits). ±Infinity at 0 and 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability is between 0 and 1, not ${p}`)
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred
    return (centred * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r)
  }
  const tail = centred < 0 ? p : 1 - p
  if (tail === 0) return centred < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const root = Math.sqrt(-Math.log(tail))
  const size =
    root <= 5
      ? polynomial(NEAR_TOP, root - 1.6) / polynomial(NEAR_BOTTOM, root - 1.6)
      : polynomial(FAR_TOP, root - 5) / polynomial(FAR_BOTTOM, root - 5)
  return centred < 0 ? -size : size
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!
  return value
}

const CENTRE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
]
const CENTRE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
]
const NEAR_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
]
const NEAR_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const FAR_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
]
const FAR_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
]

/** The regularised incomplete beta function I_x(a, b), which is P(X ≤ x) for X ~ Beta(a, b); a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) throw new RangeError(`Beta needs positive shapes, not ${a} and ${b}`)
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  // The continued fraction converges fast on one side of the mean; the other follows by symmetry.
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a
  return 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** Lentz's evaluation of the continued fraction of I_x(a, b) (DLMF 8.17.22). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 20_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const change = d * c
    result *= change
    if (Math.abs(change - 1) < 1e-15) return result
  }
  throw new RangeError(`the incomplete beta function did not converge at x = ${x}, a = ${a}, b = ${b}`)
}

/** The x with P(X ≤ x) = p for X ~ Beta(a, b), by bisection made fast with Newton's steps. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability is between 0 and 1, not ${p}`)
  if (p === 0 || p === 1) return p
  const logScale = logGamma(a + b) - logGamma(a) - logGamma(b)
  let low = 0
  let high = 1
  let x = a / (a + b)
  for (let i = 0; i < 400; i++) {
    const excess = betaCdf(x, a, b) - p
    if (excess > 0) high = x
    else low = x
    const density = Math.exp(logScale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x))
    let next = x - excess / density
    if (!(next > low && next < high)) next = (low + high) / 2
    if (next === x || Math.abs(next - x) <= 1e-16 * x) return next
    x = next
  }
  return x
}

/** P(T ≤ t) for Student's t with `df` > 0 degrees of freedom; the normal where `df` is Infinity. */
export function tCdf(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalCdf(t)
  const square = t * t
  const tail =
    square < df
      ? 0.5 * (1 - betaCdf(square / (df + square), 0.5, df / 2))
      : 0.5 * betaCdf(df / (df + square), df / 2, 0.5)
  return t > 0 ? 1 - tail : tail
}

/** The t with P(T ≤ t) = p, 0 < p < 1. */
export function tQuantile(p: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p)
  if (!(p > 0 && p < 1)) throw new RangeError(`the quantile of t needs 0 < p < 1, not ${p}`)
  const tail = Math.min(p, 1 - p)
  let size: number
  if (tail > 0.25) {
    const y = betaQuantile(1 - 2 * tail, 0.5, df / 2)
    size = Math.sqrt((df * y) / (1 - y))
  } else {
    const y = betaQuantile(2 * tail, df / 2, 0.5)
    size = Math.sqrt((df * (1 - y)) / y)
  }
  return p < 0.5 ? -size : size
}

/** P(X ≤ k) for X ~ Binomial(n, p), through the incomplete beta function. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return betaCdf(1 - p, n - Math.floor(k), Math.floor(k) + 1)
}
