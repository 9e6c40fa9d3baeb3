/** A process that writes for one input partition, by the real relay and adapter. Told what by its parent. */
import { randomBytes } from 'node:crypto'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import { createKafkaWarningLog } from '../../src/adapters/kafka-warning-log.ts'
import { createSystemClock, createSystemRandom } from '../../src/adapters/system-clock.ts'
import { SILENT } from '../../src/core/observer.ts'
import type { WarningLog } from '../../src/core/ports.ts'
import { createRest } from '../../src/engine/pace.ts'
import { createRelay } from '../../src/engine/relay.ts'
import type { Relay } from '../../src/engine/relay.ts'
import { entriesOf } from './takeover-entries.ts'
import type { FromWriter, Life, ToWriter, WriterOptions } from './takeover-entries.ts'

type Taken = Readonly<{ life: Life; relay: Relay; end: () => void }>

const options = JSON.parse(process.argv[2] ?? '') as WriterOptions
const output = outputOf(options)
let taken: Taken | undefined

process.on('message', (message: ToWriter) => {
  if (message.kind === 'take') {
    taken?.end()
    taken = take(message)
  } else if (message.life === taken?.life) {
    if (message.kind === 'add') taken.relay.add(entriesOf(message.stretch))
    else taken.end()
  }
})
// Nobody is left to write for.
process.on('disconnect', () => process.exit())
tell({ kind: 'ready' })

function take({ life, mark, pending }: Extract<ToWriter, { kind: 'take' }>): Taken {
  const ending = new AbortController()
  const clock = createSystemClock()
  const relay = createRelay(
    {
      ...{ output, partition: 0, clock, random: createSystemRandom() },
      rest: createRest(clock, ending.signal),
      observer: {
        ...SILENT,
        alreadyPresent: (_topic, count) => tell({ kind: 'present', life, count }),
        publishError: (why) => tell({ kind: 'refused', life, why }),
      },
    },
    { mark, entries: pending.flatMap(entriesOf) },
    {
      acknowledged: () => tell({ kind: 'acknowledged', life, ...relay.takeAcknowledged() }),
      bug: (error) => {
        throw error
      },
    },
  )
  // The outbox held all that an earlier life may have said.
  relay.caughtUp(pending.at(-1)?.to ?? 0, Infinity)
  return {
    ...{ life, relay },
    end: () => {
      ending.abort()
      relay.end()
    },
  }
}

function outputOf({ brokers, groupId, topics, planted }: WriterOptions): WarningLog {
  const { kafka } = createKafka({ brokers: [...brokers] })
  const name = planted === 'no fence' ? `${groupId}-${randomBytes(6).toString('hex')}` : groupId
  const log = createKafkaWarningLog(kafka, { groupId: name, topics })
  if (planted !== 'no reading back') return log
  return {
    ...log,
    open: async (partition, mark) => ({ ...(await log.open(partition, mark)), present: new Set() }),
  }
}

function tell(message: FromWriter): void {
  process.send?.(message)
}
