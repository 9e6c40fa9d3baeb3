/**
 * The log is damaged while nobody reads it: its head is deleted past the position, then it is made
 * anew. Each must stop the partitions concerned, with the exact range, and nothing may be skipped.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from '../../src/console/status.ts'
import type { Prng } from '../support/prng.ts'
import { createTopics } from './names.ts'
import type { Cursors } from './positions.ts'
import type { World } from './world.ts'

export type Damage = Readonly<{ incidents: readonly string[]; wrong: readonly string[] }>
type Incident = Readonly<{ kind: string; fromOffset: number; toOffset: number }>

const APPENDED = 400
const PATIENCE_MS = 120_000

/** No instance runs, and all is folded. */
export async function damageLog(
  world: World,
  tell: (line: string) => void,
  dice: Prng,
): Promise<Damage> {
  tell('the head of the log is deleted past the position')
  const deleted = await deleteHead(world, dice)
  tell('the topic is made anew')
  const recreated = await recreate(world)
  return {
    incidents: [...deleted.incidents, ...recreated.incidents],
    wrong: [...deleted.wrong, ...recreated.wrong],
  }
}

async function deleteHead(world: World, dice: Prng): Promise<Damage> {
  const { admin, partitions, positions, names } = world
  const topic = names.topics.events
  const before = await positions.cursors()
  for (let partition = 0; partition < partitions; partition++) {
    await append(world, partition, APPENDED)
  }
  const partition = dice.below(partitions)
  const position = before[partition] ?? 0
  const offset = position + 1 + dice.below(APPENDED - 1)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: `${offset}` }] })
  const found = await incidentsWhile(world, (at, cursors, ends) => {
    return at.size > 0 && cursors.every((it, p) => p === partition || it === ends[p])
  })
  const expected = { kind: 'retention-gap', fromOffset: position, toOffset: offset }
  return judged(found, new Map([[partition, expected]]), before, await positions.cursors())
}

async function recreate(world: World): Promise<Damage> {
  const { admin, kafka, names, partitions, positions, brokers } = world
  const before = await positions.cursors()
  await admin.deleteTopics({ topics: [names.topics.events] })
  await untilGone(world)
  await createTopics(kafka, names, partitions, brokers.count)
  const expected = new Map<number, Incident>()
  for (const [partition, offset = 0] of before.entries()) {
    // One stays shorter than it was, the others grow beyond.
    const count = partition === 0 ? Math.floor(offset / 2) : offset + APPENDED
    await append(world, partition, count)
    const incident =
      partition === 0
        ? { kind: 'truncated', fromOffset: count, toOffset: offset }
        : { kind: 'recreated', fromOffset: offset - 1, toOffset: offset }
    expected.set(partition, incident)
  }
  const found = await incidentsWhile(world, (at) => at.size === partitions)
  return judged(found, expected, before, await positions.cursors())
}

/** Starts the instances, and asks them until it is so. */
async function incidentsWhile(
  { instances, positions }: World,
  isSo: (
    found: ReadonlyMap<number, Incident>,
    cursors: Cursors,
    ends: readonly number[],
  ) => boolean,
): Promise<ReadonlyMap<number, Incident>> {
  const all = Array.from({ length: instances.count }, (_, at) => at)
  for (const which of all) instances.startLive(which)
  const giveUpMs = performance.now() + PATIENCE_MS
  const found = new Map<number, Incident>()
  while (performance.now() < giveUpMs) {
    for (const which of all) {
      for (const { partition, incident } of await partitionsOf(instances.console(which))) {
        if (incident !== undefined) found.set(partition, incident)
      }
    }
    if (isSo(found, await positions.cursors(), await positions.ends())) break
    await sleep(200)
  }
  for (const which of all) await instances.term(which)
  return found
}

async function partitionsOf(url: string): Promise<Status['partitions']> {
  try {
    const answer = await fetch(`${url}/api/status`, { signal: AbortSignal.timeout(2_000) })
    return ((await answer.json()) as Status).partitions
  } catch {
    return []
  }
}

function judged(
  found: ReadonlyMap<number, Incident>,
  expected: ReadonlyMap<number, Incident>,
  before: Cursors,
  after: Cursors,
): Damage {
  const text = (it: Incident | undefined): string =>
    it === undefined ? 'none' : `${it.kind} [${it.fromOffset}, ${it.toOffset})`
  const incidents = [...found].map(([partition, it]) => `partition ${partition}: ${text(it)}`)
  const wrong = [...new Set([...found.keys(), ...expected.keys()])].flatMap((partition) => {
    const [is, ought] = [text(found.get(partition)), text(expected.get(partition))]
    const isSkipped = after[partition] !== before[partition]
    return [
      ...(is === ought ? [] : [`partition ${partition}: incident ${is}, expected ${ought}`]),
      ...(isSkipped ? [`partition ${partition}: ${before[partition]} → ${after[partition]}`] : []),
    ]
  })
  return { incidents, wrong }
}

const BATCH = 5_000

/** Nothing that could be read as an event. */
async function append({ kafka, names }: World, partition: number, count: number): Promise<void> {
  const producer = kafka.producer()
  await producer.connect()
  for (let at = 0; at < count; at += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, count - at) }, () => {
      return { partition, key: 'M', value: `${crypto.randomUUID()} is no event` }
    })
    await producer.send({ topic: names.topics.events, messages })
  }
  await producer.disconnect()
}

async function untilGone({ admin, names }: World): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS
  while ((await admin.listTopics()).includes(names.topics.events)) {
    if (performance.now() > giveUpMs) throw new Error('the topic was not deleted')
    await sleep(200)
  }
}
