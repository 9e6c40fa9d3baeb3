/** What the real engine leaves of a stream in a store in memory, and what verifying that says. */
import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import type { MemoryStore } from '../../src/adapters/memory-store.ts'
import { createMemoryWarningLog } from '../../src/adapters/memory.ts'
import { createNdjsonEventLog } from '../../src/adapters/ndjson.ts'
import { createSystemClock, createSystemRandom } from '../../src/adapters/system-clock.ts'
import { createFold } from '../../src/core/fold.ts'
import { SILENT } from '../../src/core/observer.ts'
import type { RawRecord, StateStore } from '../../src/core/ports.ts'
import { createRenderer } from '../../src/core/record.ts'
import { createZones } from '../../src/core/time.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'
import type { EngineOptions } from '../../src/engine/dependencies.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { createOracle } from '../../src/engine/state-oracle.ts'
import { verifyPartition } from '../../src/engine/state-verify.ts'
import type { Verified } from '../../src/engine/state-verify.ts'
import { createWording } from '../../src/engine/wording.ts'
import { decode } from '../../src/events/decode.ts'
import { POLICY } from './heard.ts'

const plain = (record: RawRecord) => decode(record, { keyOptional: true })

/** Folds lines to their end, or to `options.untilMs`. */
export async function foldIntoStore(
  lines: readonly string[],
  options: Partial<EngineOptions> = {},
  store: MemoryStore = createMemoryStore(),
): Promise<MemoryStore> {
  const wording = createWording(createRenderer(createZones(), 'default'), {
    ...{ mode: 'binary', source: 'urn:forewarn:default', inputTopic: 'events', group: 'g' },
    ...{ appVersion: '1.0.0', headerStyle: 'native', nowMs: () => 0 },
    sha256: (bytes) => hash('sha256', bytes, 'hex'),
  })
  const engine = createEngine({
    ...wording,
    ...{ fold: createFold(POLICY), decode: plain, store, output: createMemoryWarningLog() },
    eventLog: createNdjsonEventLog(Readable.from([Buffer.from(lines.join('\n'))])),
    ...{ clock: createSystemClock(), random: createSystemRandom(), observer: SILENT },
    options: { ...ENGINE_DEFAULTS, clockFollows: 'records', ...options },
  })
  await engine.start()
  await engine.done
  await engine.stop()
  return store
}

export function verifyStore(
  lines: readonly string[],
  store: StateStore,
  accountsMax?: number,
): Promise<Verified | undefined> {
  const fold = createFold(POLICY)
  const oracle = createOracle({
    ...{ fold, before: undefined, decode: plain, origin: 0 },
    ...(accountsMax === undefined ? {} : { accountsMax }),
  })
  return verifyPartition(
    {
      ...{ store, fold, oracle },
      bucketOf: (atMs) => Math.floor(atMs / ENGINE_DEFAULTS.dueBucketMs),
      foldTo: async (offset) => {
        for (const [at, line] of lines.slice(0, offset).entries()) {
          oracle.take({ ...NOTHING, offset: at, value: Buffer.from(line) })
        }
        oracle.passedTo(offset)
      },
    },
    0,
  )
}

const NOTHING = { key: undefined, headers: [], timestampMs: undefined }
