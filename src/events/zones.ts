/** Asking `Temporal` costs microseconds, and a merchant's zone comes with every registration. */
const known = new Map<string, boolean>()
/** Names that are no zone are remembered too, but a sender may invent them without end. */
const KNOWN_MAX = 2_000

/** An IANA zone: `Asia/Shanghai`, aliases such as `Asia/Calcutta`, `PST8PDT`. Not an offset. */
export function isZone(name: string): boolean {
  const before = known.get(name)
  if (before !== undefined) return before
  const answer = ask(name)
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(name, answer)
  return answer
}

function ask(name: string): boolean {
  // `+08:00` and `2026-06-10[Asia/Shanghai]` are zones to Temporal, but name no rules of a place.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}
