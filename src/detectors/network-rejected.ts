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
    const known = openWarning(account, NAME, 'account')
    const bursts = burstsOf(account, moment, its)
    if (known === undefined) {
      const burst = bursts.find(({ endMs }) => account.approvedMs <= endMs)
      if (burst === undefined) return NONE
      return [{ ...factOf(account, moment, its, burst), renewedMs: bursts.at(-1)!.endMs }]
    }
    const { cause, renewedMs = Number(cause) } = known
    const newestMs = Math.max(renewedMs, bursts.at(-1)?.endMs ?? -Infinity)
    if (isAnswered(account, moment, Number(cause), newestMs)) return NONE
    return [{ ...ABOUT, cause, renewedMs: newestMs, count: 1 }]
  },
})

/** An approval is later than the newest burst, of what had happened by then. */
function isAnswered(
  { approvedMs }: Account,
  { knownBeforeMs }: Moment,
  firstMs: EpochMs,
  newestMs: EpochMs,
): boolean {
  return approvedMs < knownBeforeMs && approvedMs > (newestMs < knownBeforeMs ? newestMs : firstMs)
}

/** Those that a decline of the codes completes with the attempts around it, ascending. */
function burstsOf(account: Account, { event, eventMs }: Moment, its: Limits): readonly Burst[] {
  if (event?.type !== 'card.authorisation' || eventMs === undefined) return NO_BURSTS
  if (event.data.approved || !its.codes.includes(event.data.responseCode)) return NO_BURSTS
  const ends = windowEnds(account.attempts, eventMs, its.span)
  return ends.flatMap((endMs) => burstTo(account, its, endMs) ?? [])
}
const NO_BURSTS: readonly Burst[] = []

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
