/** What proves who a merchant is: each document's versions, and the review of the last upload. */
import { insertByTime } from './by-time.ts'
import type { Day, EpochMs } from './time.ts'

const DOCUMENTS_MAX = 32
const VERSIONS_MAX = 8
const PENDING_MAX = 4

export type Document = {
  /** The newest eight by time. */
  versions: DocumentVersion[]
  /** Event time of the latest word on a review, valid or rejected. */
  answeredMs: EpochMs | undefined
  /** Uploads by their own time, of which none holds longer than another that is answered later. */
  pending: { atMs: EpochMs; arrivedMs: EpochMs }[]
}

export type DocumentVersion = {
  atMs: EpochMs
  docType: string
  /** The last date on which it is valid; undefined: none was told. */
  validTo: Day | undefined
  isLongTerm: boolean
}

/** A new document is kept in place of the one that was heard of longest ago, when there are 32. */
export function documentOf(documents: Map<string, Document>, id: string): Document {
  const known = documents.get(id)
  if (known !== undefined) return known
  if (documents.size >= DOCUMENTS_MAX) dropOldest(documents)
  const document: Document = { versions: [], answeredMs: undefined, pending: [] }
  documents.set(id, document)
  return document
}

function dropOldest(documents: Map<string, Document>): void {
  let oldest: string | undefined
  let oldestMs = Infinity
  for (const [id, document] of documents) {
    const wordMs = lastWordMs(document)
    if (wordMs < oldestMs) [oldest, oldestMs] = [id, wordMs]
  }
  if (oldest !== undefined) documents.delete(oldest)
}

function lastWordMs({ versions, answeredMs = 0, pending }: Document): EpochMs {
  return Math.max(versions.at(-1)?.atMs ?? 0, answeredMs, pending.at(-1)?.atMs ?? 0)
}

export function noteVersion({ versions }: Document, version: DocumentVersion): void {
  insertByTime(versions, version, VERSIONS_MAX)
}

/** A review has ended, whichever way: of what was uploaded up to then, and at that instant, as far as it came. */
export function noteAnswer(document: Document, atMs: EpochMs): void {
  document.pending = document.pending.filter((it) => it.atMs > atMs)
  document.answeredMs = Math.max(atMs, document.answeredMs ?? atMs)
}

/** It holds back from its arrival. In order of their times there is never more than one to keep. */
export function notePending(document: Document, atMs: EpochMs, arrivedMs: EpochMs): void {
  const { pending } = document
  if (pending.some((it) => it.atMs >= atMs && it.arrivedMs >= arrivedMs)) return
  document.pending = pending.filter((it) => it.atMs > atMs || it.arrivedMs > arrivedMs)
  insertByTime(document.pending, { atMs, arrivedMs }, PENDING_MAX)
}

/** When the last upload under review arrived. Undefined: none is, or all were answered later by time. */
export function pendingSince({ pending, answeredMs = -Infinity }: Document): EpochMs | undefined {
  const open = pending.filter(({ atMs }) => atMs >= answeredMs)
  return open.length === 0 ? undefined : Math.max(...open.map(({ arrivedMs }) => arrivedMs))
}

/** The version that counts, with the date it ends; undefined: it has none, or another took its place. */
export function expiryOf(
  documents: ReadonlyMap<string, Document>,
  document: Document,
  beforeMs: EpochMs,
): (DocumentVersion & { validTo: Day }) | undefined {
  const version = versionOf(document, beforeMs)
  if (version === undefined || version.isLongTerm || version.validTo === undefined) return undefined
  const { validTo } = version
  const isReplaced = [...documents.values()].some((other) => {
    const heir = other === document ? undefined : versionOf(other, beforeMs)
    if (heir === undefined || heir.docType !== version.docType) return false
    return heir.atMs > version.atMs && (heir.isLongTerm || (heir.validTo ?? -Infinity) > validTo)
  })
  return isReplaced ? undefined : { ...version, validTo }
}

function versionOf({ versions }: Document, beforeMs: EpochMs): DocumentVersion | undefined {
  return versions.findLast(({ atMs }) => atMs < beforeMs)
}
