/** Laws that every detector of the list is held to. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import type { Account } from '../../src/core/account.ts'
import { createEncoder, decodeAccount } from '../../src/core/codec.ts'
import type { Armed, Moment } from '../../src/core/detector.ts'
import { pausesOf } from '../../src/core/pauses.ts'
import { PANE_WIDTH } from '../../src/core/panes.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { decode } from '../../src/events/decode.ts'
import type { TerminalEvent } from '../../src/events/event.ts'
import { fullData, recordOf, TYPES } from '../events/samples.ts'
import { bytesOf, entriesOf, talliesOf, valuesOf } from '../support/account-values.ts'
import { anyHistory, anyOrderlyHistory, linesOf, LONG_AFTER_MS } from '../support/any-history.ts'
import type { Told } from '../support/any-history.ts'
import { OPENINGS, REMEDIES } from '../support/clearing.ts'
import { POLICY } from '../support/heard.ts'
import type { Shop } from '../support/heard.ts'
import { history } from '../support/history.ts'
import { play } from '../support/watch.ts'

const PROFILE = POLICY.profileOf({ tenant: 'acq-a', country: 'CN', mcc: '5411' })
const ZONE = POLICY.zoneOf('Asia/Shanghai')
const NOON = Date.parse('2026-05-10T12:00:00+08:00')

function armed(name: string): Armed {
  const found = PROFILE.armed.find((it) => it.name === name)
  if (found === undefined) throw new Error(`${name} is not armed`)
  return found
}

/** What a detector may be asked: on an event, at a timer, at a day's close, again, and of the past. */
function moments(event: TerminalEvent | undefined, atMs: number): Moment[] {
  const today = ZONE.dayOf(atMs)
  const base = { atMs, dueByMs: atMs, today, zone: ZONE, profile: PROFILE, knownBeforeMs: Infinity }
  const startMs = ZONE.startMs(today)
  return [
    base,
    { ...base, atMs: startMs, dueByMs: startMs, closed: today - 1 },
    { ...base, again: [today - 1, today] },
    { ...base, knownBeforeMs: atMs - 86_400_000 },
    ...(event === undefined ? [] : [{ ...base, event, eventMs: atMs, touchedOn: today - 1 }]),
  ]
}

function eventOf(line: string): TerminalEvent {
  const record = { offset: 0, key: undefined, value: Buffer.from(line), headers: [] }
  const read = decode({ ...record, timestampMs: undefined }, { keyOptional: true })
  if (read.kind !== 'event') throw new Error(`not an event: ${line}`)
  return read.event
}

function sectionsOf(account: Account): (Uint8Array | undefined)[] {
  account.dirty = { now: true, past: true, facts: true }
  const sections = new Map(createEncoder()(account))
  return [sections.get('n'), sections.get('p'), sections.get('f')]
}

/** Frozen through and through, but for typed arrays, which cannot be, and what a day remembers. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  if (value instanceof Map) {
    const refuse = (): never => {
      throw new TypeError('a frozen map is written to')
    }
    for (const [key, held] of value) [key, held].forEach(deepFreeze)
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse })
  } else {
    for (const held of Object.values(value)) deepFreeze(held)
  }
  Object.freeze(value)
}

const runs = (numRuns: number) => ({ seed: 20_260_610, numRuns })

describe.each(DETECTORS.map(({ name }) => name))('%s', (name) => {
  const { measure } = armed(name)

  test('measures nothing in an account nobody has seen', () => {
    for (const type of TYPES) {
      const read = decode(recordOf({ type, data: fullData(type) }), { keyOptional: true })
      if (read.kind !== 'event') throw new Error(`${type} is refused`)
      for (const moment of moments(read.event, NOON)) {
        expect(measure(newAccount('acq-a', 'M1'), moment)).toEqual([])
      }
    }
  })

  test('changes nothing', () => {
    fc.assert(
      fc.property(anyHistory, (all) => {
        const lines = linesOf(all)
        const [played] = play(lines, { policy: POLICY }).accounts.values()
        const account = decodeAccount('acq-a', 'M1', sectionsOf(played!))
        const before = sectionsOf(account)
        const { facts, attempts, panes, days, cards, amounts, refunds, said: told } = account
        const parts = [facts, attempts, panes.rows, panes.issuers, days.rows]
        for (const part of [...parts, cards, amounts, refunds, told]) deepFreeze(part)
        const last = eventOf(lines.at(-1)!)
        for (const moment of moments(last, last.timeMs)) {
          const first = measure(account, moment)
          expect(measure(account, moment).map(plain)).toEqual(first.map(plain))
        }
        expect(sectionsOf(account)).toEqual(before)
      }),
      runs(40),
    )
  })
})

/** Without the functions, which are new each time. */
const plain = (measure: object) => JSON.parse(JSON.stringify(measure))

const playAll = (lines: readonly string[], isStored = false) =>
  play(lines, { policy: POLICY, untilMs: LONG_AFTER_MS, isStored })
const accountOf = ({ accounts }: ReturnType<typeof play>) => valuesOf([...accounts.values()][0]!)

/** All that was said up to a number of days after noon of 20 March. */
function said(shop: Shop, days: number) {
  const untilMs = Date.parse('2026-03-20T12:30:00+08:00') + days * 86_400_000
  return play(shop.lines(), { policy: POLICY, untilMs }).records
}

describe('doing what it says', () => {
  const words = DETECTORS.flatMap(({ name, clears }) => clears.map((word) => ({ name, word })))

  test.each(words)('$name is cleared by: $word', ({ name, word }) => {
    const shop = history()
    shop.registers('2025-11-01T08:00')
    OPENINGS[name]?.(shop)
    const opened = said(shop, 0).filter(({ detector }) => detector === name)
    expect(opened.map(({ reason }) => reason)).toEqual(['opened'])
    const remedy = REMEDIES[word]
    remedy?.does(shop, '2026-03-20T12:00', opened[0]!)
    const after = said(shop, remedy?.days ?? 0).filter(({ detector }) => detector === name)
    expect(after.map(({ reason }) => reason)).toEqual(['opened', 'resolved'])
    expect(after[1]?.subject).toBe(opened[0]?.subject)
  })

  test('every word has a meaning, and each meaning is a word', () => {
    const used = new Set(words.map(({ word }) => word))
    expect([...used].toSorted()).toEqual(Object.keys(REMEDIES).toSorted())
  })

  test('undone, nothing clears within the hour', () => {
    for (const { name } of DETECTORS) {
      const shop = history()
      shop.registers('2025-11-01T08:00')
      OPENINGS[name]?.(shop)
      const reasons = said(shop, 0.9).filter(({ detector }) => detector === name)
      expect(reasons.map(({ reason }) => reason)).toEqual(['opened'])
    }
  })
})

describe('all of them together', () => {
  test('survive being stored after every step', () => {
    fc.assert(
      fc.property(anyHistory, (all) => {
        const lines = linesOf(all)
        const held = playAll(lines)
        const stored = playAll(lines, true)
        expect(stored.records).toEqual(held.records)
        expect(accountOf(stored)).toEqual(accountOf(held))
      }),
      runs(60),
    )
  })

  test('are moved by no duplicate, at once or within three days', () => {
    fc.assert(
      fc.property(anyHistory, fc.infiniteStream(fc.nat(71 * 60)), (all, delays) => {
        const once = playAll(linesOf(all))
        const doubled = all.flatMap((told): [Told, number][] => [
          [told, 0],
          [told, delays.next().value],
        ])
        const twice = playAll(
          withRepeats(
            all,
            doubled.map(([, delay]) => delay),
          ),
        )
        expect(twice.records).toEqual(once.records)
        expect(accountOf(twice)).toEqual(accountOf(once))
      }),
      runs(60),
    )
  })

  test('stand the same whatever the order of arrival within the hour', () => {
    fc.assert(
      fc.property(anyOrderlyHistory, fc.infiniteStream(fc.nat(60)), (all, delays) => {
        const late = all.map(() => delays.next().value)
        const inTime = playAll(linesOf(all, { isInUse: true }))
        const shuffled = playAll(linesOf(all, { isInUse: true, lateOf: (at) => late[at]! }))
        const newest = Math.max(0, ...all.map(({ minute }) => minute)) / 1_440
        const from = ZONE.dayOf(Date.parse('2026-01-01')) + Math.floor(newest) - 90
        expect(orderFree(shuffled, from)).toEqual(orderFree(inTime, from))
      }),
      runs(60),
    )
  })
})

/** Each event, and again as many minutes later. */
function withRepeats(all: readonly Told[], delays: readonly number[]): string[] {
  const lines = linesOf(all)
  const repeats = lines.map((line, at) => {
    const event = JSON.parse(line)
    const arrivedMs = Date.parse(event.receivedat) + (delays[at] ?? 0) * 60_000
    const receivedat = Temporal.Instant.fromEpochMilliseconds(arrivedMs).toString()
    return { arrivedMs, line: JSON.stringify({ ...event, receivedat }) }
  })
  const first = lines.map((line) => ({ arrivedMs: Date.parse(JSON.parse(line).receivedat), line }))
  return [...first, ...repeats]
    .toSorted((a, b) => a.arrivedMs - b.arrivedMs)
    .map(({ line }) => line)
}

/**
 * Facts, ledger from a day on, and what stands. Left out is what is known by arrival (last seen, voids that wait), and
 * what is kept of an activity beside its date.
 */
function orderFree({ accounts }: ReturnType<typeof play>, from: number) {
  const [account] = [...accounts.values()] as [Account]
  const { facts, panes, cards, amounts, refunds, said } = account
  const terminals = [...facts.terminals]
    .map(([id, terminal]) => {
      const { hasBacklog: _, activeArrivedMs: __, activity, ...told } = terminal
      return { id, ...told, activeOn: activity.at(-1)?.on }
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const standing = [...said].flatMap(([detector, subjects]) =>
    [...subjects].flatMap(([subject, { open }]) =>
      open === undefined ? [] : [`${detector} ${subject} ${open.stage} ${open.consequenceOn}`],
    ),
  )
  const entries = entriesOf(account).map((it) => ({ ...it, isTallied: undefined }))
  const tallies = talliesOf(account).filter(({ day }) => day >= from)
  const pauses = pausesOf(facts.pauses, 12, Infinity)
  // A first sale that was voided leaves a silence that has not ended.
  const { reactivation: told } = facts
  const isSold = tallies.some(({ day, count }) => day === told?.firstOn && count > 0)
  const silence = { usual: undefined, reactivation: isSold ? told : undefined }
  return {
    ...{
      facts: { ...facts, ...silence, terminals, pauses },
      entries,
      tallies,
      standing: standing.sort(),
    },
    ...{ panes: bytesOf(panes.rows, PANE_WIDTH), issuers: panes.issuers },
    ...{ cards, amounts, refunds },
  }
}
