/** The corpus through the fold in memory and through the command, good records around each of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFold } from '../../src/core/fold.ts'
import { replayRecords } from '../../src/engine/replay.ts'
import type { ReplaySummary } from '../../src/engine/replay.ts'
import { decode } from '../../src/events/decode.ts'
import type { LogRecord } from '../../src/events/record.ts'
import { forewarn } from '../support/forewarn-process.ts'
import { shippedPolicy } from '../support/watch.ts'
import { CLASS_IDS, inputsOfClass } from './classes.ts'
import { AT_MS, goodSale, isDead, recordAt } from './input.ts'
import type { Expected, Input } from './input.ts'
import { lineOf } from './lines.ts'

/** Every good sale has an account of its own: whoever is missing was not applied. */
const isGood = ({ name }: Input): boolean => name.startsWith('good ')

type Replayed = Readonly<{ summary: ReplaySummary; dead: readonly string[] }>

/** `dead`: `<code> <name>` of the inputs refused, in their order. */
async function replayed(inputs: readonly Input[]): Promise<Replayed> {
  const dead: string[] = []
  const records = inputs.map((input, at) => recordAt(at, input))
  async function* batches(): AsyncGenerator<LogRecord[]> {
    for (let at = 0; at < records.length; at += 1_000) yield records.slice(at, at + 1_000)
  }
  const summary = await replayRecords(createFold(shippedPolicy()), batches(), decode, {
    onWarning: () => {},
    onDead: ({ code }, { offset }) => dead.push(`${code} ${inputs[offset]?.name}`),
  })
  return { summary, dead }
}

/** A good sale before the first, behind the last, and between any two. */
function surrounded(inputs: readonly Input[]): Input[] {
  return [goodSale('0'), ...inputs.flatMap((it, at) => [it, goodSale(`${at + 1}`)])]
}

function deadOf(inputs: readonly Input[], of: (input: Input) => Expected): string[] {
  return inputs
    .filter((it) => isDead(of(it)))
    .map((it) => `${of(it).replace('dead-letter:', '')} ${it.name}`)
}

function countOf(inputs: readonly Input[], ...wanted: readonly Expected[]): number {
  return inputs.filter(({ expected }) => wanted.includes(expected)).length
}

const before = Object.getOwnPropertyNames(Object.prototype).toSorted()

test.each(CLASS_IDS)(
  '%s: refused as it says, and all good records applied',
  { timeout: 60_000 },
  async (id) => {
    const inputs = inputsOfClass(id)
    expect(inputs.length).toBeGreaterThan(0)
    // A flood is good records itself.
    const all = inputs.length > 10_000 ? inputs : surrounded(inputs)
    const { summary, dead } = await replayed(all)
    expect(dead).toEqual(deadOf(all, (it) => it.expected))
    expect(summary).toMatchObject({
      records: all.length,
      applied: countOf(all, 'ok', 'clamp'),
      unknownType: countOf(all, 'ignore'),
      duplicate: 0,
    })
    expect(summary.accounts).toBeGreaterThanOrEqual(all.filter(isGood).length)
  },
)

test('EV58: where a topic is bound to a tenant, another one is refused', () => {
  const read = (tenantBound: string) => decode(recordAt(0, goodSale('1')), { tenantBound })
  expect(read('acq-a').kind).toBe('event')
  expect(read('acq-b')).toMatchObject({ kind: 'dead', reason: { code: 'tenant-mismatch' } })
})

test('EV46: an event of the year 9998 happened five minutes after it arrived, at the latest', async () => {
  const [future] = inputsOfClass('EV46').filter(({ expected }) => expected === 'clamp')
  const fold = createFold(shippedPolicy())
  const read = decode(recordAt(0, future ?? goodSale('1')))
  if (read.kind !== 'event') throw new Error(read.kind)
  const account = fold.newAccount('acq-a', read.event.merchantId)
  const { notes } = fold.event(fold.newPartition(), account, read.event, AT_MS)
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'clamped' }))
})

test('all of it through the command, as a file', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-corpus-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // Without an arrival of its own, an event of a distant year takes the clock there: so it comes last.
  const corpus = CLASS_IDS.filter((id) => id !== 'EV60')
    .flatMap((id) => inputsOfClass(id))
    .toSorted((a, b) => Number(a.expected === 'clamp') - Number(b.expected === 'clamp'))
  const written = surrounded(corpus).flatMap((input) => {
    const line = lineOf(input)
    return line === undefined ? [] : [{ input, line }]
  })
  const inputs = written.map(({ input }) => input)
  const [file, deadFile] = [join(folder, 'corpus.ndjson'), join(folder, 'dead.ndjson')]
  writeFileSync(file, Buffer.concat(written.flatMap(({ line }) => [line, Buffer.from('\n')])))
  const ended = await forewarn('replay', file, '--dead-letters', deadFile)
  expect(ended).toMatchObject({ code: 0, signal: undefined })
  const dead = readFileSync(deadFile, 'utf8').trimEnd().split('\n')
  const told = dead.map((line) => {
    const { code, line: at } = JSON.parse(line) as { code: string; line: number }
    return `${code} ${inputs[at - 1]?.name}`
  })
  expect(told).toEqual(deadOf(inputs, (it) => it.inFile))
  const applied = inputs.filter(({ inFile }) => inFile === 'ok' || inFile === 'clamp').length
  const number = (n: number) => n.toLocaleString('en')
  expect(ended.stderr).toContain(`${number(inputs.length)} records, `)
  expect(ended.stderr).toContain(`: ${number(applied)} applied, 0 duplicates, 3 of unknown type`)
  expect(written.length).toBeGreaterThan(corpus.length)
})

test('Object.prototype is what it was before all of it', () => {
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before)
  expect('polluted' in {}).toBe(false)
})
