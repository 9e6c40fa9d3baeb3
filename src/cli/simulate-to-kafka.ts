/** A simulated stream into the input topic: the record's timestamp is the line's arrival. */
import { connectKafkaAdmin } from '../adapters/kafka-admin.ts'
import { createKafka } from '../adapters/kafka-client.ts'
import { createKafkaFeed } from '../adapters/kafka-feed.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { kafkaOptions } from './kafka-options.ts'
import type { createProgress } from './progress.ts'
import { loadSettings } from './settings.ts'

const BATCH_LINES = 2_000

export async function toKafka(
  io: Io,
  lines: Iterable<string>,
  { config }: Readonly<{ config?: string }>,
  progress: ReturnType<typeof createProgress>,
): Promise<ExitCode> {
  const settings = loadSettings(io, { config })
  if (settings === undefined) return EXIT.config
  const { service } = settings
  const topic = service.kafka.topics.events
  const { kafka } = createKafka(kafkaOptions(service))
  const admin = await connectKafkaAdmin(kafka)
  const state = (await admin.describe([topic])).get(topic)
  await admin.close()
  const isPast =
    state?.config.get('message.timestamp.type') === 'CreateTime' &&
    state.config.get('retention.ms') === '-1'
  if (!isPast) {
    say(
      io,
      `forewarn simulate: ${topic} must exist, with CreateTime and retention.ms=-1: a simulated`,
    )
    say(io, '  stream lies in the past. `forewarn topics create --past` makes it so.')
    return EXIT.problems
  }
  await using feed = await createKafkaFeed(kafka, topic)
  let batch: string[] = []
  let count = 0
  for (const line of lines) {
    batch.push(line)
    if (batch.length < BATCH_LINES) continue
    await feed.send(batch)
    count += batch.length
    progress.at(count)
    batch = []
    if (io.stopping.aborted) break
  }
  await feed.send(batch)
  say(io, `${count + batch.length} records are in ${topic}`)
  return EXIT.ok
}
