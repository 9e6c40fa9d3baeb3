/** What the tests of the configuration share: stand-in detectors, and files in a folder of their own. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { problemText } from '../../src/config/problem.ts'
import type { Wrong } from '../../src/config/problem.ts'
import type { PolicyOptions } from '../../src/config/load-policy.ts'
import { defineDetector } from '../../src/core/detector.ts'
import type { AnyDetector } from '../../src/core/detector.ts'

const silent = { version: 1, on: [], clears: [], documents: [], advice: [], measure: () => [] }

/** One clock, two clocks, and a behaviour: every form a detector has. */
export const STAND_INS: readonly AnyDetector[] = [
  defineDetector({
    ...silent,
    name: 'licence-expiry',
    kind: 'deadline',
    limits: z.strictObject({ dueDays: z.int().positive(), openMin: z.string().optional() }),
  }),
  defineDetector({
    ...silent,
    name: 'till-idle',
    kind: 'deadline',
    ladders: ['reverify', 'stop'],
    limits: z.strictObject({ months: z.int().positive() }),
  }),
  defineDetector({
    ...silent,
    name: 'odd-hours',
    kind: 'behaviour',
    limits: z.strictObject({ limitRatio: z.number().gt(0).max(1), countMin: z.int() }),
  }),
]

/** Right for the stand-ins; tests break one line of it. */
export const RIGHT = `profile: base
calendar: default
detectors:
  licence-expiry:
    limits: { dueDays: 90 }
    ladder: { notice: -30d, warning: -7d }
    source: S1
  till-idle:
    limits: { months: 3 }
    ladders:
      reverify: { notice: -30d, consequence-due: 0d }
      stop: { notice: +1d, warning: +8d }
    source: S2
  odd-hours:
    limits:
      limitRatio: 0.3
      countMin: 20
    ladder: { notice: hit, warning: { valueMin: 7 } }
    source: S3
`

export const OPTIONS: PolicyOptions = {
  graceMs: 60_000,
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  defaults: { country: 'CN', zone: 'UTC', profile: 'base' },
}

/** A folder that is gone after the test, and a way to write files into it. */
export function folderOfFiles(): Readonly<{
  path: string
  write: (name: string, content: string | Uint8Array) => string
  /** Problems as text, without the folder's own path. */
  textOf: (result: Wrong | Readonly<{ kind: 'ok' }>) => string[]
  [Symbol.dispose]: () => void
}> {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'forewarn-config-')))
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    textOf: (result) =>
      result.kind === 'wrong'
        ? result.problems.map((it) => problemText(it).replaceAll(`${path}/`, ''))
        : [],
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
