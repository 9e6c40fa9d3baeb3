/** Recounts document-expiry, document by document. */
import { dayFrom, type Day, type Place } from './civil.ts'
import type { Paper, Planned } from './planned.ts'
import { createTrack, endTrack, judgeTrack, STAGES } from './recount-track.ts'
import type { Clock, Moment, Tell, Track } from './recount-track.ts'

type Version = Readonly<{ ms: number; validTo: Day | undefined; isLongTerm: boolean }>

type Document = {
  docType: string
  /** What was valid, by time. */
  versions: Version[]
  pending: { ms: number; arriveMs: number }[]
  /** When a review ended, either way. */
  reviewedMs: number[]
  readonly track: Track
}

export type Documents = {
  readonly place: Place
  readonly tell: Tell
  known: Map<string, Document>
  nextMs: number
}

/** Days from the last date on which the document is valid to each stage. */
const STAGE_DAYS = [-90, -30, -7, 90]
/** A review keeps the consequence back no longer. */
const REVIEW_DAYS_MAX = 30

export function createDocuments(place: Place, tell: Tell): Documents {
  return { place, tell, known: new Map(), nextMs: Infinity }
}

/** True when a clock may have moved. */
export function foldDocument(documents: Documents, event: Planned): boolean {
  const { timeMs: ms, arriveMs } = event
  switch (event.type) {
    case 'kyc.document.updated': {
      const document = documentOf(documents, event.data)
      if (event.data.status === 'pending') document.pending.push({ ms, arriveMs })
      else {
        document.reviewedMs.push(ms)
        addVersion(document, event.data, ms)
      }
      return true
    }
    case 'kyc.document.expiring':
      if (event.data.validTo === undefined) return false
      addVersion(documentOf(documents, event.data), event.data, ms)
      return true
    case 'kyc.document.rejected':
      documentOf(documents, event.data).reviewedMs.push(ms)
      return true
    default:
      return false
  }
}

/** All of them: one may have taken the place of another. */
export function judgeDocuments(documents: Documents, moment: Moment): void {
  documents.nextMs = Infinity
  for (const document of documents.known.values()) {
    const clockBefore = (ms: number) => clockOf(documents, document, ms)
    const clock = heldBack(documents, document, clockBefore(Infinity))
    judgeTrack(document.track, { clock, clockBefore }, moment, documents.tell)
    documents.nextMs = Math.min(documents.nextMs, document.track.nextMs)
  }
}

export function endDocuments(documents: Documents, atMs: number): void {
  for (const { track } of documents.known.values()) {
    endTrack(track, 'resolved', atMs, documents.tell)
  }
  documents.nextMs = Infinity
}

function clockOf({ place, known }: Documents, document: Document, ms: number): Clock | undefined {
  const version = versionBefore(document, ms)
  if (version === undefined || version.isLongTerm || version.validTo === undefined) return undefined
  const { validTo } = version
  for (const other of known.values()) {
    if (other === document || other.docType !== document.docType) continue
    const heir = versionBefore(other, ms)
    if (heir === undefined || heir.ms <= version.ms) continue
    if (heir.isLongTerm || (heir.validTo ?? -Infinity) > validTo) return undefined
  }
  const steps = STAGE_DAYS.map((days, at) => ({
    stage: STAGES[at]!,
    atMs: place.startMs(validTo + days),
  }))
  return { cause: validTo, steps }
}

/** Under review only the consequence is left, and that no earlier than the review may last. */
function heldBack(
  { place }: Documents,
  { pending, reviewedMs }: Document,
  clock: Clock | undefined,
): Clock | undefined {
  const held = pending.findLast(({ ms }) => !reviewedMs.some((reviewed) => reviewed > ms))
  if (clock === undefined || held === undefined) return clock
  const releaseMs = place.startMs(place.dayAt(held.arriveMs) + REVIEW_DAYS_MAX)
  const { stage, atMs } = clock.steps.at(-1)!
  return { cause: clock.cause, steps: [{ stage, atMs: Math.max(atMs, releaseMs) }] }
}

function versionBefore({ versions }: Document, ms: number): Version | undefined {
  return versions.findLast((version) => version.ms < ms)
}

function addVersion({ versions }: Document, paper: Paper, ms: number): void {
  const validTo = paper.validTo === undefined ? undefined : dayFrom(paper.validTo)
  versions.push({ ms, validTo, isLongTerm: paper.longTerm === true })
  versions.sort((a, b) => a.ms - b.ms)
}

function documentOf({ known }: Documents, { documentId, docType }: Paper): Document {
  let document = known.get(documentId)
  if (document === undefined) {
    const track = createTrack('document-expiry', `document:${documentId}`)
    document = { docType, versions: [], pending: [], reviewedMs: [], track }
    known.set(documentId, document)
  }
  return document
}
