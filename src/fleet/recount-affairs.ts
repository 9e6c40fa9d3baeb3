/** What is recounted beside trade and absence: money, papers, and the network's own answers. */
import type { Place } from './civil.ts'
import type { Planned } from './planned.ts'
import { createBalance, endBalance, foldBalance, judgeBalance } from './recount-balance.ts'
import { createCollections, endCollections, foldCollection } from './recount-collections.ts'
import { createDocuments, endDocuments, foldDocument, judgeDocuments } from './recount-documents.ts'
import type { Fees } from './recount-fees.ts'
import { createNetwork, endNetwork, noteActivation } from './recount-network.ts'
import { createPayouts, endPayouts, foldPayout } from './recount-payouts.ts'
import type { Moment, Tell } from './recount-track.ts'

export type Affairs = ReturnType<typeof createAffairs>

/** `major` is in minor units. The invoices are those of `fees`. */
export function createAffairs(place: Place, major: number, fees: Fees, tell: Tell) {
  return {
    balance: createBalance(place, major, tell),
    collections: createCollections(fees, tell),
    documents: createDocuments(place, tell),
    network: createNetwork(tell),
    payouts: createPayouts(place, tell),
  }
}

/** Attempts are folded by `foldAnswer` of the network, once each. */
export function foldAffairs(affairs: Affairs, event: Planned, moment: Moment): void {
  if (event.type === 'terminal.activated') {
    noteActivation(affairs.network, event.data.terminalId, event.timeMs)
  }
  foldCollection(affairs.collections, event)
  foldPayout(affairs.payouts, event)
  if (foldBalance(affairs.balance, event)) judgeBalance(affairs.balance, moment)
  if (foldDocument(affairs.documents, event)) judgeDocuments(affairs.documents, moment)
}

/** The next instant at which a stage starts. */
export function affairsDueMs({ balance, documents }: Affairs): number {
  return Math.min(balance.track.nextMs, documents.nextMs)
}

export function fireAffairs({ balance, documents }: Affairs, moment: Moment): void {
  if (balance.track.nextMs === moment.atMs) judgeBalance(balance, moment)
  if (documents.nextMs === moment.atMs) judgeDocuments(documents, moment)
}

export function endAffairs(affairs: Affairs, atMs: number): void {
  endBalance(affairs.balance, atMs)
  endCollections(affairs.collections, atMs)
  endDocuments(affairs.documents, atMs)
  endNetwork(affairs.network, atMs)
  endPayouts(affairs.payouts, atMs)
}
