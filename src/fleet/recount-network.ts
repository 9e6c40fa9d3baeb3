/** Recounts network-rejected: codes by which the network refuses the account itself. */
import type { Authorisation, Planned } from './planned.ts'
import type { Tell } from './recount-track.ts'

type Attempt = Readonly<{
  ms: number
  id: string
  /** Undefined where it is no refusal that counts. */
  refused: Readonly<{ card: string; issuer: string; terminalId: string }> | undefined
}>

export type Network = {
  readonly tell: Tell
  /** The newest attempts by time, then id. */
  ring: Attempt[]
  activatedMs: Map<string, number[]>
  approvedMs: number[]
  open: Readonly<{ completedMs: number; atMs: number }> | undefined
}

const CODES = new Set(['03', '58', '97'])
const WINDOW_MS = 1_800_000
const YOUNG_MS = 86_400_000
const RING_MAX = 512
const RING_MS = 7_200_000
const LATE_MS_MAX = 3_600_000

export function createNetwork(tell: Tell): Network {
  return { tell, ring: [], activatedMs: new Map(), approvedMs: [], open: undefined }
}

export function noteActivation({ activatedMs }: Network, terminalId: string, ms: number): void {
  activatedMs.set(terminalId, [...(activatedMs.get(terminalId) ?? []), ms])
}

/** Folds an attempt: an approval ends what it is later than, a refusal may complete a burst. */
export function foldAnswer(network: Network, event: Planned, data: Authorisation): void {
  const { timeMs: ms, arriveMs } = event
  if (data.approved && data.offline !== true) approve(network, ms, arriveMs)
  const refused = refusalOf(data)
  if (!enter(network, { ms, id: event.id, refused })) return
  const completed = network.ring.find((end) => {
    return end.ms >= ms && end.ms - ms < WINDOW_MS && completes(network, end)
  })
  if (completed === undefined || network.open !== undefined) return
  if (network.approvedMs.some((at) => at > completed.ms)) return
  network.open = { completedMs: completed.ms, atMs: arriveMs }
  network.tell('network-rejected', 'account', 'final-warning', arriveMs)
}

export function endNetwork(network: Network, atMs: number): void {
  if (network.open !== undefined) network.tell('network-rejected', 'account', 'resolved', atMs)
  network.open = undefined
}

/** Was the warning true when it was told? Not if an approval had happened by then. */
function approve(network: Network, ms: number, atMs: number): void {
  const { open, approvedMs, tell } = network
  approvedMs.push(ms)
  if (open === undefined || ms <= open.completedMs) return
  tell('network-rejected', 'account', ms <= open.atMs ? 'retracted' : 'resolved', atMs)
  network.open = undefined
}

function refusalOf(data: Authorisation): Attempt['refused'] {
  const { approved, responseCode, cardToken: card, issuerId: issuer, terminalId } = data
  if (approved || !CODES.has(responseCode)) return undefined
  return card === undefined || issuer === undefined ? undefined : { card, issuer, terminalId }
}

/** False for what comes too late. */
function enter({ ring }: Network, attempt: Attempt): boolean {
  const newest = ring.at(-1)?.ms ?? attempt.ms
  if (newest - attempt.ms > LATE_MS_MAX) return false
  let place = ring.length
  while (place > 0 && isAfter(ring[place - 1]!, attempt)) place--
  ring.splice(place, 0, attempt)
  const oldestMs = Math.max(newest, attempt.ms) - RING_MS
  while (ring.length > RING_MAX || ring[0]!.ms < oldestMs) ring.shift()
  return true
}

/** A window that a refusal ends; others hold nothing that one of those does not hold before them. */
function completes(network: Network, end: Attempt): boolean {
  if (!counts(network, end)) return false
  const window = network.ring.filter((one) => {
    return one.ms <= end.ms && one.ms > end.ms - WINDOW_MS && counts(network, one)
  })
  const cards = new Set(window.map(({ refused }) => refused!.card))
  const issuers = new Set(window.map(({ refused }) => refused!.issuer))
  return cards.size > 1 && issuers.size > 1
}

function counts({ activatedMs }: Network, { ms, refused }: Attempt): boolean {
  if (refused === undefined) return false
  const earlier = (activatedMs.get(refused.terminalId) ?? []).filter((at) => at <= ms)
  return earlier.length === 0 || ms - Math.max(...earlier) >= YOUNG_MS
}

function isAfter(one: Attempt, other: Attempt): boolean {
  return one.ms > other.ms || (one.ms === other.ms && one.id > other.id)
}
