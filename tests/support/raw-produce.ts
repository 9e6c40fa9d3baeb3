/** Batches as they are, over a connection of their own: no producer's library would send them. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { encodeBatch } from './record-batch.ts'
import type { BatchRecord, BatchShape } from './record-batch.ts'

const PRODUCE = 0
const VERSION = 7
const TIMEOUT_MS = 30_000

/** Offset of the first record, or the broker's error code. */
export type Produced = Readonly<{ firstOffset: number; error: number }>

export function produceBatch(
  broker: string,
  to: Readonly<{ topic: string; partition: number }>,
  records: readonly BatchRecord[],
  shape: BatchShape = {},
): Promise<Produced> {
  return produceBytes(broker, to, encodeBatch(records, shape))
}

/** To the one broker of a test, which leads every partition. */
export async function produceBytes(
  broker: string,
  { topic, partition }: Readonly<{ topic: string; partition: number }>,
  batch: Buffer,
): Promise<Produced> {
  const request = Buffer.concat([
    ...[int16(PRODUCE), int16(VERSION), int32(1), text('raw')],
    ...[int16(-1), int16(-1), int32(TIMEOUT_MS)],
    ...[int32(1), text(topic), int32(1), int32(partition), int32(batch.length), batch],
  ])
  const answer = await ask(broker, Buffer.concat([int32(request.length), request]))
  // Correlation, the count of topics, the name, the count of partitions, the partition.
  const at = 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4
  return { error: answer.readInt16BE(at), firstOffset: Number(answer.readBigInt64BE(at + 2)) }
}

async function ask(broker: string, request: Buffer): Promise<Buffer> {
  const [host = '', port = ''] = broker.split(':')
  const socket = connect(Number(port), host)
  try {
    await once(socket, 'connect')
    socket.write(request)
    let answer = Buffer.alloc(0)
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk as Buffer])
      if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0))
        return answer.subarray(4)
    }
    throw new Error('the broker closed the connection')
  } finally {
    socket.destroy()
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
}
