/** Label values are closed sets: whatever a caller passes, a metric cannot grow without end. */

export const OTHER = 'other'

/** The words known beforehand; all others are counted together. */
export function createClosedSet(known: readonly string[]): (word: string) => string {
  const set = new Set(known)
  return (word) => (set.has(word) ? word : OTHER)
}

/** For words that only the caller knows: the first `max` different ones, the rest together. */
export function createBoundedSet(max: number): (word: string) => string {
  const seen = new Set<string>()
  return (word) => {
    if (seen.has(word)) return word
    if (seen.size >= max) return OTHER
    seen.add(word)
    return word
  }
}

/** First words of a Redis error, and codes of the network layer. */
const CODE =
  /\b(OOM|BUSY|LOADING|READONLY|MASTERDOWN|NOREPLICAS|MISCONF|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|UNBLOCKED|NOSCRIPT|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)\b/

/** A stable code for an error text, which may hold an address or a figure. */
export function errorCode(text: string): string {
  const code = CODE.exec(text)?.[1]
  if (code !== undefined) return code.toLowerCase()
  if (/timed? ?out|did not answer within/i.test(text)) return 'timeout'
  if (/closed|not writable|isn't writeable|max retries/i.test(text)) return 'disconnected'
  return text.startsWith('Kafka') ? 'kafka' : OTHER
}
