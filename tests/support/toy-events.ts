/** Records of a toy log, and the words in which a toy fold's decisions go out. */
import type { RawRecord } from '../../src/core/ports.ts'
import type { Wording } from '../../src/engine/dependencies.ts'
import type { Decoded, TerminalEvent } from '../../src/events/event.ts'
import type { Prng } from './prng.ts'

export type Written = Pick<RawRecord, 'key' | 'value' | 'headers'>

const BYTES = new TextEncoder()
const TEXT = new TextDecoder()
const MERCHANTS = 6
const START_MS = 1_750_000_000_000

/** No event of ours, and no other record's bytes. */
export function badRecord(n: number): Written {
  return { key: undefined, value: BYTES.encode(`bad ${n}`), headers: [] }
}

export function recordOf(merchant: string, atMs: number, n: number): Written {
  const text = JSON.stringify([merchant, atMs, n])
  return { key: undefined, value: BYTES.encode(text), headers: [] }
}

export function merchantOf(partition: number, merchant: number): string {
  return `m${partition}.${merchant}`
}

/** One partition's records, for tools that fold a file. */
export function toyLog(dice: Prng, count: number): RawRecord[] {
  let atMs = START_MS
  return Array.from({ length: count }, (_, offset) => {
    atMs += dice.chance(0.02) ? dice.below(90_000) : dice.below(2_000)
    const merchant = dice.chance(0.03) ? '*' : merchantOf(0, dice.below(MERCHANTS))
    const written = dice.chance(0.03)
      ? badRecord(offset)
      : recordOf(merchant, atMs - dice.below(900), offset)
    return { ...written, offset, timestampMs: atMs }
  })
}

export function toyDecode(record: RawRecord): Decoded {
  const text = TEXT.decode(record.value)
  if (text.startsWith('bad')) {
    const reason = {
      code: 'json-invalid',
      stage: 'decode',
      message: '',
      hasCardData: false,
    } as const
    return { kind: 'dead', reason }
  }
  const [merchantId, timeMs, n] = JSON.parse(text) as [string, number, number]
  const event: TerminalEvent = {
    ...{ type: 'terminal.heartbeat', id: `${n}`, source: 'toy', tenant: 'toy', merchantId },
    ...{ timeMs, idHash: (n * 7_919) % 9_973, bodyHash: 0, data: { terminalId: 'T1' } },
  }
  return { kind: 'event', event }
}

export const toyWording: Wording = {
  render: (record, emission) => {
    const { merchantId, detector, reason, atMs, sequence, isAbsence } = record
    const id = [merchantId, sequence, detector, reason, atMs].join('|')
    const value = BYTES.encode(JSON.stringify({ isAbsence, merchantId, atMs, emission }))
    return { id, key: BYTES.encode(merchantId), value, headers: [] }
  },
  renderStanding: (standing, { merchantId }) => ({
    key: BYTES.encode(merchantId),
    value: BYTES.encode(JSON.stringify(standing)),
    headers: [],
  }),
  deadLetter: (reason, record, partition) => ({
    id: `dead|${partition}|${record.offset}`,
    key: BYTES.encode('dead'),
    value: BYTES.encode(JSON.stringify({ code: reason.code })),
    headers: [],
  }),
}
