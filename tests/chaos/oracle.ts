/** What an undisturbed run would have said of what is in the topic: `replay`, partition by partition. */
import { recordOf } from '../../src/adapters/kafka-records.ts'
import { readSettings } from '../../src/cli/settings.ts'
import type { Account } from '../../src/core/account.ts'
import { createFold, SECTIONS } from '../../src/core/fold.ts'
import type { Fold } from '../../src/core/fold.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import { createRenderer } from '../../src/core/record.ts'
import type { WarningRecord } from '../../src/core/warning.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { accountKey } from '../../src/engine/arrival.ts'
import { replayRecords } from '../../src/engine/replay.ts'
import { decode } from '../../src/events/decode.ts'
import type { Expected } from './compare.ts'
import { readAll } from '../support/read-all.ts'

export type Oracle = Readonly<{
  records: number
  warnings: readonly Expected[]
  /** `<code> <topic>-<partition>-<offset>`. */
  deadLetters: readonly Expected[]
  /** By partition and key: the sections of each account. */
  accounts: readonly ReadonlyMap<string, readonly (Uint8Array | undefined)[]>[]
  fold: Fold
}>

export type OracleOptions = Readonly<{
  brokers: string
  topic: string
  partitions: number
  grace: string
  untilMs: number
}>

const ABSENCES = new Set(DETECTORS.filter((it) => it.isAbsence === true).map(({ name }) => name))

/** Whether a warning of this detector claims that something did not happen. */
export function isAbsence(detector: string): boolean {
  return ABSENCES.has(detector)
}

export async function askOracle(options: OracleOptions): Promise<Oracle> {
  const { brokers, topic, partitions, grace, untilMs } = options
  const settings = readSettings({}, { flags: { 'clock.grace': grace } })
  if (settings.kind === 'wrong') throw new Error('the policies that are shipped cannot be read')
  const { policy } = settings.loaded
  const { structured } = createRenderer(policy.zoneOf, settings.service.output.name)
  const fold = createFold(policy)
  const warnings: Expected[] = []
  const deadLetters: Expected[] = []
  const accounts = Array.from({ length: partitions }, () => new Map<string, Account>())
  let records = 0

  /** Feeds one partition's replay with batches, as they are read. */
  const replays = accounts.map((its, partition) => {
    let nowMs = 0
    const batches = createChannel<readonly RawRecord[]>()
    const say = (record: WarningRecord): void => {
      const { id, tenantid, subject } = structured(record)
      const { detector } = record
      const group = `${String(tenantid)} ${String(subject)}`
      warnings.push({ id: String(id), group, isAbsence: isAbsence(detector), atMs: nowMs })
    }
    const done = replayRecords(fold, batches.read(), decode, {
      untilMs,
      onWarning: say,
      onDead: ({ code }, { offset }) => {
        const id = `${code} ${topic}-${partition}-${offset}`
        deadLetters.push({ id, group: id, isAbsence: false, atMs: nowMs })
      },
      onFolded: (_, account, { clockMs }) => {
        nowMs = clockMs
        its.set(accountKey(account.tenant, account.merchantId), account)
      },
    })
    return { batches, done }
  })

  await readAll({ brokers, topic }, async (partition, messages) => {
    records += messages.length
    await replays[partition]?.batches.put(messages.map((it) => recordOf(it)))
  })
  for (const { batches } of replays) batches.end()
  await Promise.all(replays.map(({ done }) => done))
  return {
    ...{ records, warnings, deadLetters, fold },
    accounts: accounts.map((its) => {
      return new Map([...its].map(([key, account]) => [key, sectionsOf(fold, account)]))
    }),
  }
}

function sectionsOf(fold: Fold, account: Account): (Uint8Array | undefined)[] {
  const changed = new Map(fold.encodeChanged(account))
  return SECTIONS.map((section) => changed.get(section))
}

/** Resolves each `put` when the reader has come back for more. */
function createChannel<T>() {
  let offered = Promise.withResolvers<T | undefined>()
  let taken = Promise.withResolvers<void>()
  return {
    put: (it: T): Promise<void> => {
      taken = Promise.withResolvers()
      offered.resolve(it)
      return taken.promise
    },
    end: (): void => offered.resolve(undefined),
    async *read(): AsyncGenerator<T> {
      for (;;) {
        const it = await offered.promise
        if (it === undefined) return
        offered = Promise.withResolvers()
        yield it
        taken.resolve()
      }
    },
  }
}
