/** The card network says that it does not know this merchant or terminal, through more than one issuer. */
import { z } from 'zod'
import { openWarning } from '../core/account.ts'
import type { Account } from '../core/account.ts'
import type { Attempt } from '../core/attempts.ts'
import { declinesIn, evidenceOf, windowEnds } from '../core/bursts.ts'
import { defineDetector, NONE } from '../core/detector.ts'
import type { Fact, Moment } from '../core/detector.ts'
import { burstSpan } from '../core/spans.ts'
import { HOUR_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'

const NAME = 'network-rejected'

const limits = z.strictObject({
  span: burstSpan,
  codes: z.array(z.string().min(1)).readonly(),
  cardsMin: z.int().positive(),
  issuersMin: z.int().positive(),
  /** So long after its activation, inclusive, a terminal may not be known everywhere yet. */
  settlingHours: z.int().nonnegative(),
})
type Limits = z.infer<typeof limits>

export const networkRejected = defineDetector<Limits>({
  name: NAME,
  version: 1,
  kind: 'fact',
  on: ['attempts', 'approval', 'terminals', 'lifecycle'],
  clears: ['operator-checks-network'],
  documents: [],
  advice: ['adv-contact-operator'],
  limits,

  measure(account, moment, its) {
    const { approvedMs, attempts } = account
    const known = openWarning(account, NAME, 'account')
    if (known !== undefined) {
      const { knownBeforeMs } = moment
      const isAnswered = approvedMs > Number(known.cause) && approvedMs < knownBeforeMs
      // The approval may be late: a burst that was completed after it keeps the warning open.
      const ends = isAnswered ? windowEnds(attempts, approvedMs, RING_MS) : []
      const isOver =
        isAnswered &&
        unanswered(
          account,
          its,
          ends.filter((endMs) => endMs < knownBeforeMs),
        ) === undefined
      return isOver ? NONE : [{ ...ABOUT, cause: known.cause, count: 1 }]
    }
    const { event, eventMs } = moment
    if (event?.type !== 'card.authorisation' || eventMs === undefined) return NONE
    if (event.data.approved || !its.codes.includes(event.data.responseCode)) return NONE
    const burst = unanswered(account, its, windowEnds(attempts, eventMs, its.span))
    return burst === undefined ? NONE : [factOf(account, moment, its, burst)]
  },
})

/** As long as attempts are held. */
const RING_MS = 2 * HOUR_MS + 1

/** The earliest burst that one of these instants completes, and that no approval follows. */
function unanswered(account: Account, its: Limits, ends: readonly EpochMs[]): Burst | undefined {
  for (const endMs of ends) {
    if (account.approvedMs > endMs) continue
    const burst = burstTo(account, its, endMs)
    if (burst !== undefined) return burst
  }
  return undefined
}

const ABOUT = {
  kind: 'fact',
  subject: 'account',
  consequence: 'suspension',
  unit: 'rejections',
} as const

type Burst = Readonly<{ endMs: EpochMs; declines: readonly Attempt[] }>

function burstTo(account: Account, its: Limits, endMs: EpochMs): Burst | undefined {
  const declines = declinesIn(account.attempts, endMs, its.span).filter((it) => {
    const isNamed = it.card !== 0 && it.issuer !== ''
    return isNamed && its.codes.includes(it.responseCode) && !isSettling(account, its, it)
  })
  const cards = new Set(declines.map(({ card }) => card))
  const issuers = new Set(declines.map(({ issuer }) => issuer))
  const isCompleted = declines.at(-1)?.atMs === endMs
  if (!isCompleted || cards.size < its.cardsMin || issuers.size < its.issuersMin) return undefined
  return { endMs, declines }
}

function isSettling({ facts }: Account, { settlingHours }: Limits, it: Attempt): boolean {
  const activated = facts.terminals.get(it.terminalId)?.activations ?? []
  const latestMs = activated.findLast((atMs) => atMs <= it.atMs)
  return latestMs !== undefined && it.atMs <= latestMs + settlingHours * HOUR_MS
}

function factOf(account: Account, { zone }: Moment, its: Limits, { endMs, declines }: Burst): Fact {
  const codes = [...new Set(declines.map(({ responseCode }) => responseCode))].sort()
  const issuers = [...new Set(declines.map(({ issuer }) => issuer))].sort()
  return {
    ...ABOUT,
    count: 1,
    cause: String(endMs),
    terminalIds: [...new Set(declines.map(({ terminalId }) => terminalId))],
    window: { fromMs: endMs - its.span, toMs: endMs },
    seen: { codes: codes.join(' '), issuers: issuers.slice(0, 8).join(' '), at: zone.text(endMs) },
    evidence: evidenceOf(account.attempts, declines),
  }
}
