/** Whole services of which the one that owns the partition is stopped in a send, and later goes on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AssignerProtocol } from 'kafkajs'
import { createKafka } from '../../src/adapters/kafka-client.ts'
import type { Deployment } from '../support/deployment.ts'
import { removeMember } from '../support/group-member.ts'
import { prng } from '../support/prng.ts'
import type { Stream } from './stream.ts'

export type WholeTakeovers = Readonly<{
  /** While the stopped one stood still, the other went on. */
  takenOver: number
  codes: readonly (number | undefined)[]
}>

const NAMES = ['a', 'b'] as const
/** Of the stream: the last one stopped must have something to send. */
const LAST_PLACE = 0.5
const ASK_AGAIN_MS = 20

/** Of a deployment of one partition. At seeded places, when a warning has just been written. */
export async function runThroughTakeovers(
  brokers: string,
  deployment: Deployment,
  { lines, until }: Pick<Stream, 'lines' | 'until'>,
  { takeovers, seed }: Readonly<{ takeovers: number; seed: number }>,
): Promise<WholeTakeovers> {
  const dice = prng(seed)
  const places = Array.from({ length: takeovers }, () => dice.fraction() * LAST_PLACE)
  const running = NAMES.map((name) => ({ name, process: deployment.run(name, until) }))
  let takenOver = 0
  for (const place of places.toSorted((a, b) => a - b)) {
    const all = running.map((it) => it.process)
    await deployment.until(({ records }) => records > place * lines.length, ...all)
    const isOver = (): boolean => all.every((it) => !it.isAlive())
    const owner = await ownerOf(brokers, deployment, isOver)
    if (owner === undefined) break
    const [stopped, other] = owner === 'a' ? running : running.toReversed()
    if (stopped === undefined || other === undefined) break
    const { written } = await deployment.progress()
    await deployment.until((now) => now.written > written, ...all)
    stopped.process.send('SIGSTOP')
    const then = await deployment.progress()
    await removeMember(brokers, deployment.namespace, stopped.name)
    await deployment.until((now) => now.records > then.records, other.process)
    if ((await deployment.progress()).records > then.records) takenOver++
    stopped.process.send('SIGCONT')
  }
  const exits = await Promise.all(running.map((it) => it.process.exited))
  return { takenOver, codes: exits.map(({ code }) => code) }
}

/** The client id of the member that has the partition. Waits while the group is in motion; undefined: it is over. */
async function ownerOf(
  brokers: string,
  { namespace, topics }: Deployment,
  isOver: () => boolean,
): Promise<string | undefined> {
  const { kafka } = createKafka({ brokers: brokers.split(',') })
  const admin = kafka.admin()
  await admin.connect()
  try {
    while (!isOver()) {
      const { groups } = await admin.describeGroups([namespace])
      const members = groups.flatMap((it) => (it.state === 'Stable' ? it.members : []))
      const owner = members.find(({ memberAssignment }) => {
        const decoded = AssignerProtocol.MemberAssignment.decode(memberAssignment)
        return (decoded?.assignment[topics.events] ?? []).length > 0
      })
      if (owner !== undefined) return owner.clientId
      await sleep(ASK_AGAIN_MS)
    }
    return undefined
  } finally {
    await admin.disconnect()
  }
}
