/** Which answers of Redis mean "away", and what may be told of an error. */
import { Unavailable } from '../core/ports.ts'

/**
 * Full, busy, loading, read-only, without replicas or disk, moving, or its passwords and rights being
 * changed: it will be back, and nothing is known.
 */
const AWAY =
  /\b(OOM|BUSY|LOADING|READONLY|MASTERDOWN|NOREPLICAS|MISCONF|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|UNBLOCKED|NOSCRIPT|NOAUTH|WRONGPASS|NOPERM)\b/

/**
 * The error to raise for one of the client: `Unavailable` where the server is away or did not
 * answer, else a plain one. Never with the client's error inside: that holds the whole command.
 */
export function redisError(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error('unknown')
  if (name !== 'ReplyError') return new Unavailable(`Redis did not answer: ${said(message)}`)
  const away = AWAY.exec(said(message))?.[1]
  if (away !== undefined) return new Unavailable(`Redis is away: ${away}`)
  return new Error(`Redis refused a command: ${said(message)}`)
}

export function isScriptMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}

/** Redis repeats arguments of unknown commands, after these words. */
function said(message: string): string {
  return (message.split(/,? with args/)[0] ?? '').replaceAll(/[^ -~]/g, '?').slice(0, 160)
}
