/** What a reader of the topics and of the store would hold against a run. Empty: nothing. */
import { foldPlainly } from './fold-plainly.ts'
import type { Folded } from './fold-plainly.ts'
import { simulate } from './simulate.ts'
import type { Outcome, PartitionEnd, Run } from './simulate.ts'

/** After the last fault and the end of the run: idle within so many virtual minutes. */
const IDLE_WITHIN_MS = 180_000
/** Before a run's end somebody is heard of as often. */
const HEARD_WITHIN_MS = 5_000

export async function complaintsOf(run: Run): Promise<readonly string[]> {
  return complaints(await simulate(run))
}

export function complaints(outcome: Outcome): readonly string[] {
  const { ids, log, untilMs, policies, partitions } = outcome
  const found: string[] = outcome.errors.map(String)
  if (!outcome.isFinished) found.push('not finished')
  if (outcome.idleAfterMs > IDLE_WITHIN_MS) found.push(`idle after ${outcome.idleAfterMs} ms only`)
  const twice = ids.length - new Set(ids).size
  if (twice > 0) found.push(`${twice} said twice`)
  const expected = foldPlainly({
    ...{ log, untilMs, policies },
    marks: partitions.map(({ mark }) => mark),
    // Who found nothing to fold has nothing to note: it would have begun at what was left.
    origins: partitions.map(({ origin, hasState, earliest }) => (hasState ? origin : earliest)),
  })
  for (const [partition, end] of partitions.entries()) {
    for (const it of complaintsAt(outcome, expected, partition, end)) found.push(it)
  }
  return [...found, ...unproven(outcome)]
}

function complaintsAt(
  outcome: Outcome,
  expected: Folded,
  partition: number,
  end: PartitionEnd,
): readonly string[] {
  const { incident, broken } = end
  if (incident !== undefined) return unexplained(end, outcome.log[partition]?.length ?? 0)
  // What was said before the log was another is not of this log; nor is where a clock was that went back.
  const isOther = broken !== undefined && broken.kind !== 'retention'
  const isWeak = outcome.isClamped || isOther || mayHaveBegunTwice(outcome, end)
  const ids = outcome.ids.filter((id) => partitionOf(id) === partition)
  const found: string[] = []
  if (end.outbox > 0) found.push(`${end.outbox} left in the outbox of partition ${partition}`)
  const isSilentStart = end.origin > 0 && end.earliest > 0 && end.origin <= end.earliest
  if (end.origin > 0 && !isSilentStart) found.push(`partition ${partition} skipped its head`)
  const offset = end.hasState ? end.offset : end.earliest
  if (offset !== expected.offsets[partition]) {
    found.push(`cursor of partition ${partition} ${offset} not ${expected.offsets[partition]}`)
  }
  if (outcome.isClamped || isUnheard(outcome, partition, end)) return found
  const once = new Set(ids)
  for (const id of expected.ids[partition] ?? []) if (!once.delete(id)) found.push(`missing ${id}`)
  if (!isWeak) for (const id of once) found.push(`extra ${id}`)
  if (!isWeak) found.push(...disordered(ids))
  for (const [key, state] of expected.accounts) {
    const isHere = key.startsWith(`toy\nm${partition}.`)
    if (isHere && outcome.accounts.get(key) !== state) found.push(`account ${key.slice(4)} differs`)
  }
  return found
}

/**
 * The head of its log is gone, and its store was emptied and is again what it was before: in between it may have
 * been folded from what was left, and have said what no fold with the head says.
 */
function mayHaveBegunTwice(
  { exercised: { emptied = 0, evicted = 0, rollback = 0 } }: Outcome,
  { broken, origin, earliest }: PartitionEnd,
): boolean {
  const isRestored = rollback > 0 && emptied + evicted > 0
  return broken?.kind === 'retention' && isRestored && origin < earliest
}

/** What was cut off a log was its last: a live run may call that stretch blind, a plain fold has seen it. */
function isUnheard(
  { log, untilMs }: Outcome,
  partition: number,
  { broken }: PartitionEnd,
): boolean {
  if (broken === undefined || broken.kind === 'retention') return false
  const heard = (log[partition] ?? []).map(({ timestampMs = 0 }) => timestampMs)
  return untilMs - Math.max(0, ...heard.filter((ms) => ms <= untilMs)) > HEARD_WITHIN_MS
}

/** A partition stopped: for a reason, and with the exact range of what cannot be read. */
function unexplained(end: PartitionEnd, length: number): readonly string[] {
  const { broken, offset, earliest, hasState, isWhole } = end
  const { kind, fromOffset, toOffset } = end.incident!
  const said = `${kind} of [${fromOffset}, ${toOffset})`
  const cutAt = broken?.at ?? 0
  const isCut = broken?.kind === 'truncated' || broken?.kind === 'recreated'
  const isSo =
    (kind === 'retention-gap' &&
      broken?.kind === 'retention' &&
      fromOffset === offset &&
      toOffset === earliest) ||
    (kind === 'state-lost' &&
      broken?.kind === 'retention' &&
      !(hasState && isWhole) &&
      fromOffset === 0 &&
      toOffset === earliest) ||
    (kind === 'truncated' &&
      isCut &&
      toOffset === offset &&
      fromOffset >= cutAt &&
      fromOffset <= length) ||
    (kind === 'recreated' && isCut && toOffset === fromOffset + 1 && fromOffset < offset)
  return isSo ? [] : [`${said} at ${offset}, broken: ${broken?.kind} at ${cutAt}, ${earliest}`]
}

/** Per account, the order of the counters. */
function disordered(ids: readonly string[]): readonly string[] {
  const last = new Map<string, number>()
  const found: string[] = []
  for (const id of ids) {
    const [merchant = '', sequence = ''] = id.split('|')
    if (merchant === 'dead') continue
    if (Number(sequence) <= (last.get(merchant) ?? 0)) found.push(`out of order ${id}`)
    last.set(merchant, Number(sequence))
  }
  return found
}

function partitionOf(id: string): number {
  const [first = '', second = ''] = id.split('|')
  return first === 'dead' ? Number(second) : Number(first.slice(1, first.indexOf('.')))
}

/** All that had arrived before the proof's wall time lies below its position. */
function unproven({ entries, log, partitions, isClamped }: Outcome): readonly string[] {
  const found: string[] = []
  for (const text of entries) {
    const { isAbsence, merchantId, atMs, emission } = JSON.parse(text)
    if (isAbsence !== true) continue
    const { partition, position, end, wallMs, arrivalClockMs } = emission.proof ?? {}
    const isOwn = String(merchantId).startsWith(`m${partition}.`)
    const isInTime = arrivalClockMs >= atMs && position >= end - 1
    // Where the log is another now, or was taken for earlier, nothing can be looked up in it.
    const { broken } = partitions[partition] ?? {}
    const isKnown = !isClamped && (broken === undefined || broken.kind === 'retention')
    const records = isKnown ? (log[partition] ?? []) : []
    const isRead = records.every((it) => (it.timestampMs ?? 0) >= wallMs || it.offset < position)
    if (!(isOwn && isInTime && isRead)) found.push(`unproven ${text}`)
  }
  return found
}
