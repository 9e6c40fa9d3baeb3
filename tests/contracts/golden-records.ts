/** Records as they leave for the topics, made by the real code from the golden history. */
import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { problemText } from '../../src/config/problem.ts'
import type { Account } from '../../src/core/account.ts'
import { createFold } from '../../src/core/fold.ts'
import type { Fold, Folded } from '../../src/core/fold.ts'
import type { OutputTopic } from '../../src/core/ports.ts'
import { createRenderer } from '../../src/core/record.ts'
import { createZones } from '../../src/core/time.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import type { Rendered } from '../../src/engine/dependencies.ts'
import { replayRecords } from '../../src/engine/replay.ts'
import { createWording } from '../../src/engine/wording.ts'
import type { WordingOptions } from '../../src/engine/wording.ts'
import { decode } from '../../src/events/decode.ts'
import { goldenRecords } from './golden-history.ts'

/** `from`: what it was made of, to choose by. */
export type Emitted = Readonly<{
  topic: OutputTopic
  from: Readonly<Record<string, unknown>>
  record: Omit<Rendered, 'id'>
}>

type Worded = Readonly<{
  mode?: WordingOptions['mode']
  headerStyle?: WordingOptions['headerStyle']
}>

const GOLDEN_DETECTORS = [
  'terminal-inactivity',
  'fee-overdue',
  'fee-due-soon',
  'decline-burst-card',
  'volume-spike',
]
const GRACE_MS = 60_000
const UNTIL_MS = Date.parse('2026-07-01T12:00:00+08:00')

/** Everything that one run over the golden history sends, in order. */
export async function emittedRecords({
  mode = 'binary',
  headerStyle = 'native',
}: Worded = {}): Promise<readonly Emitted[]> {
  const sent: Emitted[] = []
  const wording = createWording(createRenderer(createZones(), 'default'), {
    ...{ mode, source: 'urn:forewarn:default', inputTopic: 'terminal.events', group: 'forewarn' },
    ...{ appVersion: '1.0.0', headerStyle, nowMs: () => UNTIL_MS },
    sha256: (bytes) => hash('sha256', bytes, 'hex'),
  })
  let position = 0
  let version = 0
  const fold = observed(goldenFold(), (account) => {
    const { tenant, merchantId } = account
    const at = { tenant, merchantId, offset: position, version: ++version }
    const standing = fold.standing(account)
    const record = wording.renderStanding(standing, at)
    sent.push({ topic: 'standing', from: { merchantId, ...(standing as object) }, record })
  })
  async function* batches() {
    for (const record of goldenRecords()) {
      position = record.offset + 1
      yield [record]
    }
  }
  await replayRecords(fold, batches(), decode, {
    untilMs: UNTIL_MS,
    onWarning: (it) => {
      const record = wording.render(it, emissionOf(it, position))
      sent.push({ topic: 'warnings', from: it, record })
    },
    onDead: (reason, record) => {
      const letter = wording.deadLetter(reason, record, 3)
      sent.push({ topic: 'deadLetters', from: reason, record: letter })
    },
  })
  return sent
}

/** As one instance sends it that is in time: a second after the grace. */
function emissionOf({ atMs, isAbsence }: WarningRecord, position: number) {
  const wallMs = atMs + GRACE_MS
  const emission = { recordedMs: wallMs + 1_000, lateSeconds: 0 }
  if (!isAbsence) return emission
  const arrivalClockMs = wallMs
  return {
    ...emission,
    proof: { partition: 3, position, end: position, wallMs, arrivalClockMs, state: 'ok' as const },
  }
}

function goldenFold(): Fold {
  const file = fileURLToPath(new URL('golden-policy/policies/golden.yaml', import.meta.url))
  const detectors = DETECTORS.filter(({ name }) => GOLDEN_DETECTORS.includes(name))
  const loaded = loadPolicy([file], detectors, {
    graceMs: GRACE_MS,
    sha256: (text) => hash('sha256', text, 'hex'),
    defaults: { country: 'CN', zone: 'Asia/Shanghai', profile: 'golden' },
  })
  if (loaded.kind === 'wrong') throw new Error(loaded.problems.map(problemText).join('\n'))
  return createFold(loaded.policy)
}

/** Tells of every step that changes an account's standing, as the engine does at its commit. */
function observed(fold: Fold, onStanding: (account: Account) => void): Fold {
  const told = (account: Account, folded: Folded): Folded => {
    if (folded.isStandingChanged) onStanding(account)
    return folded
  }
  return {
    ...fold,
    event: (memory, account, event, arrivedMs) =>
      told(account, fold.event(memory, account, event, arrivedMs)),
    timers: (memory, account) => told(account, fold.timers(memory, account)),
  }
}
