/**
 * The log: JSON lines in a pipe, readable lines on a terminal. Every line passes one gate, whatever
 * a caller or a client library put into it: no secret, no card data, no account in plain.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { createLogGate } from './log-gate.ts'
import { readableLine } from './log-line.ts'

export type LogOptions = Readonly<{
  level: string
  out: Readonly<{ write: (text: string) => unknown; isTTY?: boolean }>
  nowMs: () => number
  /** With NO_COLOR set a terminal gets plain lines. */
  isColoured?: boolean
  /** Of the hash that stands for an account. Without one it differs from process to process. */
  accountKey?: string
  /** Told of every line, for the counter. */
  onLine?: (level: string) => void
}>

export type Log = Readonly<{
  logger: Logger
  /** The same short hash as the gate makes of a member `merchantId`: for texts. */
  accountTag: (merchantId: string) => string
}>

const TAG_LENGTH = 10

export function createLog(options: LogOptions): Log {
  const { level, out, nowMs, accountKey, onLine } = options
  const key = accountKey ?? randomBytes(32)
  const accountTag = (merchantId: string) =>
    createHmac('sha256', key).update(merchantId).digest('hex').slice(0, TAG_LENGTH)
  const pass = createLogGate(accountTag)
  const isReadable = out.isTTY === true
  const isColoured = options.isColoured ?? isReadable

  function write(line: string): void {
    const entry = pass(JSON.parse(line))
    onLine?.(String(entry['level']))
    out.write(isReadable ? readableLine(entry, isColoured) : `${JSON.stringify(entry)}\n`)
  }

  const logger = pino(
    {
      level,
      // Neither process id nor host: whoever collects the lines knows where they came from.
      base: null,
      timestamp: () => `,"time":"${new Date(nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  )
  return { logger, accountTag }
}
