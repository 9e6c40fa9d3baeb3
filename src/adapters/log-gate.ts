/** What may stand in a log line: members that tell who or hold a secret are replaced, texts searched. */
import { unparsableHoldsCard } from '../events/card-data.ts'
import { isForbiddenText } from '../events/forbidden-names.ts'

export type LogEntry = Readonly<Record<string, unknown>>

const REDACTED = '[redacted]'
const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret|^(api|access|private)?[-_]?(key|token)$|token$|authorization|cookie|credential/i
const ACCOUNT_NAMES = new Set(['merchantid', 'merchant', 'accountid', 'partitionkey'])
/** Of persons and cards: nothing a log needs. */
const PERSONAL_NAME =
  /^(terminalids?|serial(number)?|last4|phone|e?mail|contact|card(token|keyid)?)$/i

/** user:password@ of an address, and what follows a secret's name in a text. */
const URL_USER = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi
const NAMED_SECRET =
  /\b((?:password|passwd|secret|token|api[-_]?key|authorization)["']?\s*[:=]\s*["']?(?:(?:bearer|basic)\s+)?)[^\s"',;}&]+/gi
const DEPTH_MAX = 8

/** Depth is bounded, so that no object a caller logs can make this run on. */
export function createLogGate(accountTag: (merchantId: string) => string) {
  function passMember(name: string, value: unknown, depth: number): readonly [string, unknown] {
    if (isForbiddenText(name) || SECRET_NAME.test(name) || PERSONAL_NAME.test(name)) {
      return [safeName(name), REDACTED]
    }
    if (ACCOUNT_NAMES.has(name.toLowerCase())) {
      return ['account', typeof value === 'string' ? accountTag(value) : REDACTED]
    }
    return [safeName(name), passValue(value, depth)]
  }
  function passValue(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return safeText(value)
    if (typeof value === 'number') return holdsCard(`${value}`) ? REDACTED : value
    if (typeof value !== 'object' || value === null) return value
    if (depth >= DEPTH_MAX) return REDACTED
    if (Array.isArray(value)) return value.map((it) => passValue(it, depth + 1))
    return passObject(value, depth + 1)
  }
  function passObject(value: object, depth: number): LogEntry {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => passMember(name, member, depth)),
    )
  }
  return (entry: object): LogEntry => passObject(entry, 0)
}

function safeName(name: string): string {
  return holdsCard(name) ? REDACTED : name
}

/** A text with a card number goes as a whole: what stands around it may be the rest of the card. */
function safeText(text: string): string {
  if (holdsCard(text)) return REDACTED
  return text.replaceAll(URL_USER, `$1${REDACTED}@`).replaceAll(NAMED_SECRET, `$1${REDACTED}`)
}

const ENCODER = new TextEncoder()

function holdsCard(text: string): boolean {
  return unparsableHoldsCard(ENCODER.encode(text))
}
