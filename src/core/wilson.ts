/** How high a share surely is, when few were counted: no account is blamed for one bad day of three sales. */

/** 95 %, two-sided. */
const Z = 1.96

/** Lower end of the Wilson interval of `k` in `n`, from 0 to 1; 0 of none. */
export function wilsonLow(k: number, n: number): number {
  if (n === 0) return 0
  const share = k / n
  const z2n = (Z * Z) / n
  const spread = Z * Math.sqrt((share * (1 - share)) / n + z2n / (4 * n))
  return (share + z2n / 2 - spread) / (1 + z2n)
}
