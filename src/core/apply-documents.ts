/** Documents uploaded, found valid, rejected, or told to expire. */
import type { EventOf } from '../events/event.ts'
import { parseDay } from '../events/time-text.ts'
import type { Applying } from './applying.ts'
import { documentOf, noteAnswer, notePending, noteVersion } from './documents.ts'

type DocumentType = 'kyc.document.updated' | 'kyc.document.expiring' | 'kyc.document.rejected'

export function applyDocument(
  { account, atMs, arrivedMs, changes }: Applying,
  { type, data }: { [Type in DocumentType]: EventOf<Type> }[DocumentType],
): void {
  const { documentId, docType, longTerm } = data
  const validTo = data.validTo === undefined ? undefined : parseDay(data.validTo)
  // That something expires, without saying when, is no news.
  if (type === 'kyc.document.expiring' && validTo === undefined) return
  const document = documentOf(account.facts.documents, documentId)
  account.dirty.facts = true
  changes.add('documents')
  if (type === 'kyc.document.rejected') return noteAnswer(document, atMs)
  if (type === 'kyc.document.updated') {
    // The dates of an upload count once it is found valid.
    if (data.status === 'pending') return notePending(document, atMs, arrivedMs)
    noteAnswer(document, atMs)
  }
  noteVersion(document, { atMs, docType, validTo, isLongTerm: longTerm === true })
}
