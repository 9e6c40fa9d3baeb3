import { createMemoryLog } from '../../src/adapters/memory.ts'
import { eventLogContract } from './event-log.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

eventLogContract('memory', async (partitionCount) => {
  const log = createMemoryLog({ topic: 'events', partitionCount, batchMax: 100 })
  return {
    member: log.member,
    produce: async (partition, values) => {
      for (const value of values) {
        log.produce(partition, {
          key: encode('k'),
          value: encode(value),
          headers: [['h', encode('x')]],
          timestampMs: Date.now(),
        })
      }
    },
  }
})
