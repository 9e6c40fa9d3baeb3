/** A detector that is not shipped, as the steps of the README's recipe make it: files, and lines of files. */

export const NAME = 'terminals-over-limit'

/** `file` is written, or has `text` put behind the first `after`, or at its end. */
export type Edit = Readonly<{ file: string; text: string; after?: string }>

const DETECTOR = `/** Tells of each terminal beyond those that the operator lets a merchant hold. */
import { z } from 'zod'
import { defineDetector } from '../core/detector.ts'
import type { Measure } from '../core/detector.ts'
import { subjectOf } from '../core/subjects.ts'
import { isLive } from '../core/terminals.ts'

const limits = z.strictObject({ terminalsMax: z.int().positive() })

export const terminalsOverLimit = defineDetector<z.infer<typeof limits>>({
  name: '${NAME}',
  version: 1,
  kind: 'fact',
  on: ['terminals', 'lifecycle'],
  clears: ['return-terminal'],
  documents: [],
  advice: [],
  limits,

  measure({ facts }, { knownBeforeMs }, { terminalsMax }) {
    const held = [...facts.terminals].filter(([, terminal]) => {
      return isLive(terminal, knownBeforeMs) && terminal.activations.some((at) => at < knownBeforeMs)
    })
    return held.slice(terminalsMax).map(([id]): Measure => {
      const subject = subjectOf('terminal', id)
      const about = { subject, consequence: 'none', cause: '', terminalIds: [id] } as const
      return { ...about, kind: 'fact', count: 1, unit: 'terminals', seen: { held: held.length } }
    })
  },
})
`

const TABLE = `import { expect, test } from 'vitest'
import { heard } from '../support/heard.ts'
import type { Row } from '../support/heard.ts'
import { history } from '../support/history.ts'

const OPENED = '2026-03-06 08:00 terminal:T6 opened notice'
const CLEARED = '2026-03-09 08:00 terminal:T6 resolved cleared'

test.each<Row & { terminals: number }>([
  { terminals: 5, until: '2026-03-20', heard: [], shows: 'as many as are allowed' },
  { terminals: 6, until: '2026-03-08', heard: [OPENED], shows: 'one too many' },
  { terminals: 6, until: '2026-03-20', heard: [OPENED, CLEARED], shows: 'returned' },
])('$terminals by $until: $heard ($shows)', ({ terminals, until, heard: expected }) => {
  const shop = history()
  shop.registers('2026-03-01T08:00')
  for (let at = 1; at <= terminals; at++) shop.activates(\`2026-03-0\${at}T08:00\`, \`T\${at}\`)
  if (until > '2026-03-09') shop.tell('2026-03-09T08:00', 'terminal.retired', { terminalId: 'T6' })
  expect(heard(shop, '${NAME}', until)).toEqual(expected)
})
`

const LIMITS = `
  ${NAME}:
    armed: true
    limits: { terminalsMax: 5 }
    ladder: { notice: { count: 1 } }
    source: J
`

const OPENING = `
  '${NAME}': (shop) => {
    for (let at = 1; at <= 6; at++) shop.activates('2026-03-19T10:00', \`T\${at}\`)
  },`

const SECTION = `
## ${NAME}

More terminals are active than \`terminalsMax\`: each one beyond, in the order in which they were told of. Subject
\`terminal:<id>\`; cleared when it is retired. Source: judgement (J).
`

/** By the number of the step. */
export const STEPS: readonly (readonly Edit[])[] = [
  [{ file: `src/detectors/${NAME}.ts`, text: DETECTOR }],
  [
    {
      file: 'src/detectors/index.ts',
      after: `import { terminalInactivity } from './terminal-inactivity.ts'\n`,
      text: `import { terminalsOverLimit } from './${NAME}.ts'\n`,
    },
    {
      file: 'src/detectors/index.ts',
      after: '  terminalInactivity,\n',
      text: '  terminalsOverLimit,\n',
    },
  ],
  [{ file: 'config/policies/default.yaml', text: LIMITS }],
  [
    { file: `tests/detectors/${NAME}.test.ts`, text: TABLE },
    {
      file: 'tests/support/clearing.ts',
      after: 'OPENINGS: Readonly<Record<string, (shop: Shop) => void>> = {',
      text: OPENING,
    },
  ],
  [{ file: 'docs/detectors.md', text: SECTION }],
  [
    {
      file: 'src/cli/sentences.ts',
      after: 'const SENTENCES: Readonly<Record<string, Say>> = {\n',
      text: `  '${NAME}': ({ subject }) => \`Terminal \${idOf(subject)} is one too many.\`,\n`,
    },
    {
      file: 'src/cli/sentences-end.ts',
      after: 'const ENDS: Readonly<Record<string, End>> = {\n',
      text: `  '${NAME}': { about: terminal, clear: 'is no longer one too many' },\n`,
    },
    {
      file: 'src/cli/detector-words.ts',
      after: 'const WORDS: Readonly<Record<string, string>> = {\n',
      text: `  '${NAME}': 'a merchant holds more terminals than allowed',\n`,
    },
  ],
]
