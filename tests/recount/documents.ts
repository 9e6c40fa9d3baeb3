/** document-expiry: a proof of identity that runs out, and what has been uploaded since. */
import { at, dayOf, plusDays, type Day } from './civil.ts'
import { ladder, subjectOf, type Measure } from './measure.ts'
import { inTime, type RawEvent } from './raw.ts'

const DAYS = { notice: -90, warning: -30, 'final-warning': -7, 'consequence-due': 90 }
const HELD_DAYS = 30

type Version = Readonly<{
  event: RawEvent
  docType: string
  isLongTerm: boolean
  validTo: Day | undefined
}>

export function measureDocuments(events: readonly RawEvent[], zone: string): Measure[] {
  const told = events.filter(({ type }) => type.startsWith('kyc.document.')).sort(inTime)
  const ids = new Set(told.map(({ data }) => data.documentId ?? ''))
  const documents = [...ids].map((id) => {
    const mine = told.filter(({ data }) => data.documentId === id)
    return { id, mine, version: versionOf(mine) }
  })
  return documents.flatMap(({ id, mine, version }) => {
    if (version?.validTo === undefined || version.isLongTerm) return []
    const isReplaced = documents.some((other) => {
      return other.id !== id && other.version !== undefined && replaces(other.version, version)
    })
    if (isReplaced) return []
    const waiting = unanswered(mine)
    return [
      {
        detector: 'document-expiry',
        subject: subjectOf('document', id),
        cause: version.validTo,
        steps: ladder(DAYS, version.validTo, zone),
        heldUntilMs: ({ stage }) => {
          if (waiting.length === 0) return -Infinity
          return stage === 'consequence-due' ? heldUntilMs(waiting, zone) : Infinity
        },
      },
    ]
  })
}

/** What is valid: the last that was called so, or whose end was announced. */
function versionOf(mine: readonly RawEvent[]): Version | undefined {
  const event = mine.findLast(({ type, data }) => {
    const isAnnounced = type === 'kyc.document.expiring' && data.validTo !== undefined
    return isAnnounced || isValid({ type, data })
  })
  if (event === undefined) return undefined
  const { docType = '', longTerm = false, validTo } = event.data
  return { event, docType, isLongTerm: longTerm, validTo }
}

function isValid({ type, data }: Pick<RawEvent, 'type' | 'data'>): boolean {
  return type === 'kyc.document.updated' && (data.status ?? 'valid') === 'valid'
}

function replaces(other: Version, { event, docType, validTo = '' }: Version): boolean {
  const isLater = other.docType === docType && inTime(other.event, event) > 0
  return isLater && (other.isLongTerm || (other.validTo ?? '') > validTo)
}

/** Uploads that nobody has answered by a later word. */
function unanswered(mine: readonly RawEvent[]): RawEvent[] {
  const answers = mine.filter((event) => isValid(event) || event.type === 'kyc.document.rejected')
  return mine.filter((event) => {
    const isPending = event.type === 'kyc.document.updated' && event.data.status === 'pending'
    return isPending && !answers.some((answer) => inTime(answer, event) > 0)
  })
}

/** Each upload holds the consequence for itself. */
function heldUntilMs(waiting: readonly RawEvent[], zone: string): number {
  return Math.max(
    ...waiting.map(({ arrivalMs }) => at(plusDays(dayOf(arrivalMs, zone), HELD_DAYS), zone)),
  )
}
