import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFold } from '../../src/core/fold.ts'
import { decode } from '../../src/events/decode.ts'
import { valuesOf } from '../support/account-values.ts'
import { anyHistory, linesOf } from '../support/any-history.ts'
import { POLICY } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { prng } from '../support/prng.ts'

/** Of trade on some days and none on others, long enough for everything to be forgotten that may be. */
function trade(seed: number): string[] {
  const dice = prng(seed)
  const shop = history()
  shop.registers('2026-01-01T08:00')
  shop.activates('2026-01-01T08:10')
  for (let day = 0; day < 130; day++) {
    const date = Temporal.PlainDate.from('2026-01-02').add({ days: day }).toString()
    const busy = dice.chance(0.1) ? 30 : dice.below(4)
    for (let sale = 0; sale < busy; sale++) {
      const minute = String(dice.below(60)).padStart(2, '0')
      const arrives = `${date}T${12 + Math.floor(sale / 4)}:${minute}`
      const late = dice.chance(0.1) ? { arrives } : {}
      const time = dice.chance(0.1) ? `${date}T08:0${dice.below(9)}` : arrives
      const swipe = dice.chance(0.7) ? { stan: String(sale), rrn: `${seed}${day}${sale}` } : {}
      const code = dice.chance(0.1) ? { responseCode: '51', last4: '0042' } : {}
      const card = { cardToken: `h1:${dice.below(99)}`, amount: 100 * dice.below(500) }
      shop.sells(time, { ...swipe, ...code, ...card, ...late })
    }
  }
  return shop.lines()
}

/** Decodes after each event what was stored since the first; answers the sections that were written. */
function storedAsFolded(lines: readonly string[]): ReadonlySet<string> {
  const fold = createFold(POLICY)
  const memory = fold.newPartition()
  const account = fold.newAccount('acq-a', 'M1')
  const sections = new Map<string, Uint8Array | undefined>()
  const changed = new Set<string>()
  for (const line of lines) {
    const record = { offset: 0, key: undefined, value: Buffer.from(line), headers: [] }
    const read = decode({ ...record, timestampMs: undefined }, { keyOptional: true })
    if (read.kind !== 'event') throw new Error(line)
    const { event } = read
    const arrivedMs = event.receivedAtMs ?? event.timeMs
    memory.clockMs = Math.max(memory.clockMs, arrivedMs)
    if (fold.readyMs(memory, account) <= arrivedMs - fold.graceMs) fold.timers(memory, account)
    fold.event(memory, account, event, arrivedMs)
    for (const [section, bytes] of fold.encodeChanged(account)) {
      sections.set(section, bytes)
      changed.add(section)
    }
    const stored = ['n', 'p', 'f'].map((it) => sections.get(it))
    const again = fold.decodeAccount('acq-a', 'M1', stored)
    expect(valuesOf(again)).toEqual(valuesOf(account))
    expect(fold.wakeMs(again)).toBe(fold.wakeMs(account))
  }
  return changed
}

test.each([1, 2, 3])('after each event an account is what is stored of it (seed %i)', (seed) => {
  expect(storedAsFolded(trade(seed))).toEqual(new Set(['n', 'p', 'f']))
})

test('the same of any history', () => {
  const any = fc.property(anyHistory, (all) => {
    storedAsFolded(linesOf(all, { isInUse: true }))
  })
  fc.assert(any, { seed: 20_261_126, numRuns: 300 })
})
