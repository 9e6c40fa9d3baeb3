import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { explain } from '../../src/cli/explain.ts'
import { findStored } from '../../src/cli/stored-account.ts'
import type { Explanation } from '../../src/core/explanation.ts'
import { createFold, SECTIONS } from '../../src/core/fold.ts'
import { accountKey } from '../../src/engine/arrival.ts'
import { encodeMeta } from '../../src/engine/meta.ts'
import { fieldOf } from '../../src/engine/stored-names.ts'
import { valuesOf } from '../support/account-values.ts'
import { OPENINGS } from '../support/clearing.ts'
import { given } from '../support/command.ts'
import { folderOfFiles } from '../support/config.ts'
import { POLICY } from '../support/heard.ts'
import { history, merged } from '../support/history.ts'
import { play } from '../support/watch.ts'

/** A merchant that owes a fee and sells nothing, one that is new, and one id that two tenants have. */
function lines(): string[] {
  const owes = history()
  owes.registers('2025-11-01T08:00')
  owes.activates('2025-11-01T09:00')
  owes.sells('2026-01-15T10:00')
  OPENINGS['fee-overdue']?.(owes)
  const fresh = history({ merchantId: 'M2' })
  fresh.registers('2026-03-01T08:00')
  fresh.activates('2026-03-01T09:00')
  const burst = { responseCode: '05', cardToken: 'h1:a' }
  // Declines of a shop that is too new to be judged by its share of them.
  for (let at = 0; at < 30; at++) {
    const minute = String(at).padStart(2, '0')
    fresh.sells(`2026-03-02T10:${minute}`, { ...burst, cardToken: `h1:${at}` })
  }
  const shared = ['acq-a', 'acq-b'].map((tenant) => {
    const shop = history({ merchantId: 'M3', tenant })
    shop.registers('2026-03-01T08:00')
    return shop.lines()
  })
  return merged(owes.lines(), fresh.lines(), ...shared)
}

function recorded() {
  const folder = folderOfFiles()
  const file = join(folder.path, 'events.ndjson')
  writeFileSync(file, lines().join('\n'))
  return { file, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

async function asked(merchant: string, options: Parameters<typeof explain>[2]) {
  using events = recorded()
  const { io, out, err } = given()
  const code = await explain(io, merchant, { from: events.file, ...options })
  return { code, text: out(), said: err().replaceAll(events.file, 'FILE') }
}

describe('from a recorded stream', () => {
  test('as of a date: what is open in a sentence, dates, limits with their source, what is held back', async () => {
    const { code, text, said } = await asked('M1', { at: '2026-03-20' })
    expect([code, said]).toEqual([0, ''])
    expect(text).toMatch(/^M1 \(tenant acq-a\) as of 2026-03-20T23:59:59\.999\+08:00\n/)
    expect(text).toMatch(/active · CN · MCC 5411 · CNY · Asia\/Shanghai · profile cn \w{12}/)
    expect(text).toMatch(/\n {2}\S+ since 2026-03-\d\d 00:00: fee-overdue invoice:\S+ \[E19a\]/)
    expect(text).toMatch(/\n {6}A .* fee of 120\.00 CNY .* is unpaid\..*\n {6}To clear it: pay or/)
    expect(text).toMatch(/\n {6}warning +\d{4}-\d\d-\d\d +← next\n/)
    expect(text).toMatch(/decline-burst-card \[E4\]\n +B10m +0 +of 3 declines +declinesMin\n/)
    expect(text).toMatch(/Held back\n(.*\n)* {2}terminal-inactivity .* the account speaks for it/)
    expect(text.includes('\u001b')).toBe(false)
    expect(text.split('\n').filter((line) => line !== line.trimEnd())).toEqual([])
  })

  test('as JSON it is the explanation itself, and counts what was held back on the way', async () => {
    const { text } = await asked('M2', { json: true, at: '2026-03-02T12:00:00+08:00' })
    const its: Explanation = JSON.parse(text)
    expect(its).toMatchObject({ merchantId: 'M2', at: '2026-03-02T12:00:00+08:00' })
    const held = its.suppressed.find(({ detector }) => detector === 'decline-ratio-spike')
    expect(held).toMatchObject({ why: 'burn-in' })
    expect(held?.count).toBeGreaterThan(10)
  })

  test('without a time it is as of the last event', async () => {
    const { text } = await asked('M2', { json: true })
    expect(JSON.parse(text).at).toMatch(/^2026-03-/)
  })

  test.each([
    ['M11', {}, 1, 'FILE has no event of M11 (did you mean "M1"?)'],
    ['M1', { tenant: 'acq-c' }, 1, '(tenant acq-c) (tenant acq-a has one: --tenant acq-a)'],
    ['M2', { at: '2026-01-01' }, 1, 'FILE has no event of M2 until then'],
    ['M3', {}, 2, 'M3 is an account of several tenants: --tenant acq-a or acq-b'],
    ['M1', { at: 'soon' }, 2, '--at soon is neither an RFC 3339 instant with offset nor a date'],
    ['M1', { at: '2026-02-30' }, 2, '--at 2026-02-30 is neither'],
    ['M1', { from: 'nowhere.ndjson' }, 1, 'there is no file nowhere.ndjson'],
    ['M1', { config: 'nowhere.yaml' }, 78, 'nowhere.yaml'],
  ])('%s %j exits with %i', async (merchant, options, expected, says) => {
    const { code, text, said } = await asked(merchant, options)
    expect(said).toContain(says)
    expect([code, text]).toEqual([expected, ''])
  })

  test('an id of two tenants is told apart by --tenant', async () => {
    const { code, text } = await asked('M3', { tenant: 'acq-b' })
    expect(code).toBe(0)
    expect(text).toContain('M3 (tenant acq-b)')
  })
})

describe('from the store', () => {
  const fold = createFold(POLICY)
  const untilMs = Date.parse('2026-03-20T12:00:00+08:00')

  /** Three partitions, of which the last has the accounts. */
  async function stored() {
    const store = createMemoryStore()
    const memory = { ...fold.newPartition(), clockMs: untilMs }
    const { accounts } = play(lines(), { policy: POLICY, untilMs })
    const fields = [...accounts.values()].flatMap((account) => {
      account.dirty = { now: true, past: true, facts: true }
      const sections = new Map(fold.encodeChanged(account))
      const key = accountKey(account.tenant, account.merchantId)
      return SECTIONS.map((it) => [fieldOf(key, it), sections.get(it)] as const)
    })
    const meta = encodeMeta({
      ...{ partitionCount: 3, origin: 0, sequence: 0, mark: undefined, fingerprint: undefined },
      policy: { hash: POLICY.hash, offset: 0, atMs: 0, isPending: false },
      memory: fold.encodePartition(memory),
    })
    await store.commit(2, {
      ...{ expected: undefined, next: { offset: 1, version: 1, writer: 'w' }, meta, fields },
      ...{ dueAdded: [], dueDropped: [], outboxAdded: [], outboxDropped: [] },
    })
    return { store, accounts }
  }

  test('an account is found in whichever partition it is, with the clock of that one', async () => {
    const { store, accounts } = await stored()
    const found = await findStored(store, fold, { tenant: 'acq-a', merchantId: 'M1' })
    if (found.kind === 'none') throw new Error('not found')
    const { partition, clockMs, policyHash, account } = found
    expect({ partition, clockMs, policyHash }).toEqual({
      ...{ partition: 2, clockMs: untilMs, policyHash: POLICY.hash },
    })
    expect(valuesOf(account)).toEqual(valuesOf(accounts.get('acq-a\nM1')!))
  })

  test.each([
    ['acq-a', 'M11', 3, 'did you mean "M1"?'],
    ['acq-z', 'M1', 3, 'tenant acq-a has one: --tenant acq-a'],
    ['acq-a', 'Q-77-0001', 3, undefined],
  ])('%s %s is not there', async (tenant, merchantId, partitions, hint) => {
    const { store } = await stored()
    const found = await findStored(store, fold, { tenant, merchantId })
    expect(found).toEqual({ kind: 'none', partitions, hint })
  })

  test('an empty store has no partitions', async () => {
    const found = await findStored(createMemoryStore(), fold, { tenant: 'a', merchantId: 'M1' })
    expect(found).toEqual({ kind: 'none', partitions: 0, hint: undefined })
  })
})
