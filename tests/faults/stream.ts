/** The stream of the fault tests, with records in it that must be refused, and what `replay` makes of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fleetLines } from '../support/fleet-lines.ts'
import { forewarn } from '../support/forewarn-process.ts'
import { withoutEmission } from '../support/outputs.ts'
import type { Said } from '../support/outputs.ts'

export type Replayed = Readonly<{
  said: readonly Said[]
  /** Codes, sorted. */
  dead: readonly string[]
}>

export type Stream = Readonly<{ lines: readonly string[]; until: string; replayed: Replayed }>

/** A card number that passes Luhn's check, and is nobody's. */
export const CARD = '4111111111111111'
/** Of the records planted, sorted. */
export const PLANTED = [
  'card-data',
  'field-invalid',
  'id-reused',
  'json-invalid',
  'json-invalid',
  'time-invalid',
]

const DAY_MS = 86_400_000
/** Past the stream: time for the clocks of those who fell silent. */
const AFTER_DAYS = 90

export async function createStream(fleet: Parameters<typeof fleetLines>[0]): Promise<Stream> {
  const { lines: clean, untilMs } = fleetLines(fleet)
  const lines = [...clean]
  // From the back, so that the places of the others stay.
  for (const [at, planted] of plant(clean).toReversed()) lines.splice(at, 0, ...planted)
  return replayed(lines, untilMs)
}

/** `untilMs`: of the last line's arrival. */
export async function replayed(lines: readonly string[], untilMs: number): Promise<Stream> {
  const until = new Date(untilMs + AFTER_DAYS * DAY_MS).toISOString()
  return { lines, until, replayed: await replay(lines, until) }
}

type Sale = Readonly<{ id: string; time: string; data: Readonly<Record<string, unknown>> }>

/** Behind sales of the stream, at the same arrival. */
function plant(lines: readonly string[]): [at: number, planted: readonly string[]][] {
  const sales = lines.flatMap((line, at) => (line.includes('"card.authorisation"') ? [at] : []))
  const [first = 0, second = 0] = [sales[sales.length >> 2], sales[sales.length >> 1]]
  const text = (at: number, change: (sale: Sale) => object, id = `planted-${at}`): string => {
    const sale = JSON.parse(lines[at] ?? '') as Sale
    return JSON.stringify({ ...sale, id, ...change(sale) })
  }
  const whole = text(first, () => ({}))
  return [
    [
      first + 1,
      [
        whole.slice(0, -9),
        text(first, ({ data }) => ({ data: { ...data, amount: '12.50' } })),
        text(first, ({ data }) => ({ data: { ...data, memo: CARD } })),
        text(first, () => ({ type: 'coffee.served' })),
      ],
    ],
    [
      second + 1,
      [
        whole.slice(0, -9).replace('"data":', `"memo":"${CARD}","data":`),
        text(second, () => ({ time: '2025-02-30T10:00:00+08:00' })),
        text(second, ({ data }) => ({ data: { ...data, memo: 'other' } }), idOf(lines[second])),
      ],
    ],
  ]
}

function idOf(line = ''): string {
  return (JSON.parse(line) as Sale).id
}

async function replay(lines: readonly string[], until: string): Promise<Replayed> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-replay-'))
  try {
    const [input, dead] = [join(folder, 'in.ndjson'), join(folder, 'dead.ndjson')]
    writeFileSync(input, lines.join('\n'))
    const ended = await forewarn('replay', input, '--until', until, '--dead-letters', dead)
    if (ended.code !== 0) throw new Error(ended.stderr)
    return {
      said: parsed(ended.stdout).map(withoutEmission),
      dead: parsed(readFileSync(dead, 'utf8'))
        .map(({ code }) => String(code))
        .toSorted(),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function parsed(text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}
