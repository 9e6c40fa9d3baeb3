/** Which answers of Redis mean "away", and what may be told of an error. */
import { IncompleteState, Unavailable } from '../core/ports.ts'

/**
 * Full, busy, loading, read-only, without replicas or disk, moving, or its passwords and rights being
 * changed: it will be back, and nothing is known.
 */
const AWAY =
  /\b(OOM|BUSY|LOADING|READONLY|MASTERDOWN|NOREPLICAS|MISCONF|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|UNBLOCKED|NOSCRIPT|NOAUTH|WRONGPASS|NOPERM)\b/

/** What the scripts of `redis-whole.lua.ts` answer. */
const INCOMPLETE = /^INCOMPLETE (.+)/

/**
 * The error to raise for one of the client: `Unavailable` where the server is away or did not
 * answer, `IncompleteState` where a script said so, else a plain one. Never with the client's error
 * inside: that holds the whole command.
 */
export function redisError(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error('unknown')
  if (name !== 'ReplyError') return new Unavailable(`Redis did not answer: ${said(message)}`)
  const missing = INCOMPLETE.exec(said(message))?.[1]
  if (missing !== undefined) return new IncompleteState(incompleteText(missing))
  const away = AWAY.exec(said(message))?.[1]
  if (away !== undefined) return new Unavailable(`Redis is away: ${away}`)
  return new Error(`Redis refused a command: ${said(message)}`)
}

/** Of a tally (`988|0|4 of 1000|0|5`), what is not as it should be; other words stay. */
export function incompleteText(why: string): string {
  const [is = [], of] = why.split(' of ').map((counts) => counts.split('|'))
  if (of === undefined || of.length !== COUNTED.length) return why
  const wrong = COUNTED.flatMap((what, at) =>
    is[at] === of[at] ? [] : [`${is[at]} of ${of[at]} ${what}`],
  )
  return `${wrong.join(', ')} are there`
}

const COUNTED = ['fields of accounts', 'entries of the outbox', 'due buckets']

export function isScriptMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}

/** Redis repeats arguments of unknown commands, after these words. */
function said(message: string): string {
  return (message.split(/,? with args/)[0] ?? '').replaceAll(/[^ -~]/g, '?').slice(0, 160)
}
