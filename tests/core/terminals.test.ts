import { describe, expect, test } from 'vitest'
import { TERMINALS_MAX, terminalOf } from '../../src/core/terminals.ts'
import type { Terminal } from '../../src/core/terminals.ts'
import { history } from '../support/history.ts'
import { play, told } from '../support/watch.ts'

const FULL = TERMINALS_MAX

describe('as many terminals as may be', () => {
  /** Each activated later than the one before. */
  function full(): Map<string, Terminal> {
    const terminals = new Map<string, Terminal>()
    for (let at = 0; at < FULL; at++) terminalOf(terminals, `T${at}`).activations.push(1_000 + at)
    return terminals
  }

  test.each<[string, (terminals: Map<string, Terminal>) => void, string]>([
    ['the one heard of longest ago goes', () => {}, 'T0'],
    [
      'one that sold since is heard of',
      (all) => {
        const shown = { eventId: 'e', amount: 1, currency: 'CNY', responseCode: '00', last4: '' }
        const sale = { on: 1, count: 1, firstMs: 9_000, lastMs: 9_000, ...shown }
        all.get('T0')!.activity.push(sale)
      },
      'T1',
    ],
    ['one that is retired goes first', (all) => void (all.get('T7')!.retiredMs = 9_000), 'T7'],
    ['and one that was replaced', (all) => void (all.get('T7')!.successor = 'T8'), 'T7'],
    [
      'and one of which there were heartbeats alone',
      (all) => void all.get('T7')!.activations.pop(),
      'T7',
    ],
  ])('%s', (_name, tell, gone) => {
    const terminals = full()
    tell(terminals)
    terminalOf(terminals, 'T0')
    expect(terminals.size).toBe(FULL)
    terminalOf(terminals, 'one more')
    expect(terminals.size).toBe(FULL)
    expect(terminals.has(gone)).toBe(false)
    expect(terminals.has('one more')).toBe(true)
  })
})

test('an account of made-up terminals stays bounded, and stored it is the same', () => {
  const shop = history()
  for (let at = 0; at < FULL + 40; at++) {
    const type = at % 2 === 0 ? 'terminal.heartbeat' : 'terminal.activated'
    shop.tell('2026-01-03', type, { terminalId: `X${at}`, serialNo: 'SN' })
  }
  const untilMs = shop.at('2026-01-04')
  const plain = play(shop.lines(), { untilMs })
  const stored = play(shop.lines(), { untilMs, isStored: true })
  const idsOf = ({ accounts }: typeof plain) =>
    [...accounts.values()].map(({ facts }) => [...facts.terminals.keys()].toSorted())
  expect(plain.dead).toEqual([])
  expect(idsOf(plain)[0]).toHaveLength(FULL)
  expect(idsOf(stored)).toEqual(idsOf(plain))
  expect(told(plain.records)).toEqual([])
})
