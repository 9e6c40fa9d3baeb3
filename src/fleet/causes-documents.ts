/** Documents that expire, are renewed, and lie under review. */
import { dateText, type Day } from './civil.ts'
import { happens, officeMs } from './happen.ts'
import type { Plan } from './plan.ts'
import type { Paper } from './planned.ts'
import { cause, type Story } from './story.ts'

const TYPES = ['settlement-account-proof', 'beneficial-owner-form', 'power-of-attorney'] as const
/** Far from every date of a stream. */
const LONG_DAYS = 3_000

type Held = Readonly<{ documentId: string; docType: string; validTo: Day }>

/** One of a type of its own, uploaded at the beginning, so long before its last date. */
function held({ plan, rng }: Story, at: 0 | 1 | 2): Held {
  const validTo = plan.boardDay + rng.int(115, 190)
  const documentId = `doc-${plan.index}n${at}`
  const document = { documentId, docType: TYPES[at], validTo }
  updated(plan, document, plan.boardDay + 1, { validTo: dateText(validTo) })
  return document
}

function updated(
  plan: Plan,
  { documentId, docType }: Omit<Held, 'validTo'>,
  day: Day,
  paper: Partial<Paper>,
  toldOn?: Day,
): void {
  const arriveMs = toldOn === undefined ? undefined : officeMs(plan, toldOn)
  const data = { documentId, docType, numberMasked: '9133****21X', ...paper }
  happens(plan, day, { type: 'kyc.document.updated', data }, arriveMs)
}

/** `days` count from the last date of the version before. */
function renewed(plan: Plan, document: Held, days: number, toldDays?: number): void {
  const validTo = dateText(document.validTo + LONG_DAYS)
  const toldOn = toldDays === undefined ? undefined : document.validTo + toldDays
  updated(plan, document, document.validTo + days, { validTo, status: 'valid' }, toldOn)
}

function uploaded(plan: Plan, document: Held, days: number): void {
  updated(plan, document, document.validTo + days, { status: 'pending' })
}

function refused(plan: Plan, { documentId, docType, validTo }: Held, days: number): void {
  const data = { documentId, docType }
  happens(plan, validTo + days, { type: 'kyc.document.rejected', data })
}

/** One after each of the first two stages. */
function afterNotice(story: Story): void {
  const { plan, rng } = story
  renewed(plan, held(story, 0), -rng.int(35, 85))
  renewed(plan, held(story, 1), -rng.int(8, 28))
}

function expired(story: Story): void {
  const { plan, rng } = story
  const never = held(story, 0)
  if (rng.chance(0.5)) renewed(plan, never, rng.int(92, 130))
  renewed(plan, held(story, 1), rng.int(-6, 85))
}

/** Accepted, refused, and not looked at for longer than a review may take. */
function reviewed(story: Story): void {
  const { plan, rng } = story
  const accepted = held(story, 0)
  uploaded(plan, accepted, -rng.int(32, 50))
  renewed(plan, accepted, -rng.int(8, 20))
  const rejected = held(story, 1)
  uploaded(plan, rejected, -rng.int(32, 50))
  refused(plan, rejected, -rng.int(10, 20))
  renewed(plan, rejected, rng.int(-5, 60))
  const forgotten = held(story, 2)
  uploaded(plan, forgotten, rng.int(65, 85))
  renewed(plan, forgotten, rng.int(118, 150))
}

/** Another document takes its place; the operator tells that one expires after all. */
function replaced(story: Story): void {
  const { plan, rng } = story
  const old = held(story, 0)
  const heir = { documentId: `doc-${plan.index}h`, docType: old.docType }
  updated(plan, heir, old.validTo - rng.int(5, 80), { longTerm: true })
  const endless = { documentId: `doc-${plan.index}e`, docType: TYPES[1] }
  updated(plan, endless, plan.boardDay + 1, { longTerm: true })
  const data = { ...endless, validTo: dateText(plan.boardDay + 160) }
  happens(plan, plan.boardDay + rng.int(20, 60), { type: 'kyc.document.expiring', data })
  renewed(plan, { ...endless, validTo: plan.boardDay + 160 }, -rng.int(1, 60))
}

function toldLate(story: Story): void {
  const { plan, rng } = story
  renewed(plan, held(story, 0), -rng.int(91, 100), -rng.int(32, 88))
  renewed(plan, held(story, 1), -rng.int(31, 80), -rng.int(1, 28))
}

/** It has expired on the day on which it is first told of. */
function lateUpload({ plan, rng }: Story): void {
  const validTo = plan.boardDay + rng.int(100, 140)
  const document = { documentId: `doc-${plan.index}n0`, docType: TYPES[0], validTo }
  updated(plan, document, validTo + rng.int(1, 60), { validTo: dateText(validTo) })
  renewed(plan, document, rng.int(65, 85))
}

function early(story: Story): void {
  const { plan, rng } = story
  renewed(plan, held(story, 0), -rng.int(92, 105))
  const old = held(story, 1)
  const heir = { documentId: `doc-${plan.index}h`, docType: old.docType }
  updated(plan, heir, old.validTo - 95, { validTo: dateText(old.validTo + LONG_DAYS) })
  const reviewing = held(story, 2)
  uploaded(plan, reviewing, -rng.int(92, 100))
  renewed(plan, reviewing, -rng.int(40, 85))
}

export const PAPERS = [
  cause('10 renewed after notice', afterNotice),
  cause('10 expired', expired),
  cause('10 under review', reviewed),
  cause('10 another in its place, and an end after all', replaced),
  cause('10 renewed, told late', toldLate),
  cause('10 expired when first told of', lateUpload),
  cause('near-miss: documents renewed early', early, { never: ['document-expiry'] }),
]
