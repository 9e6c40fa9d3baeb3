/**
 * Takeovers of one input partition: its writer is stopped or killed at a seeded moment, another takes
 * over what the outbox still holds, and the one that was stopped goes on in the middle of its send.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadBackMark } from '../../src/core/ports.ts'
import { prng } from '../support/prng.ts'
import type { Life, Stretch, WriterOptions } from './takeover-entries.ts'
import { startWriter } from './takeover-process.ts'
import type { Writer } from './takeover-process.ts'

export type TakeoverOptions = Readonly<{
  writer: WriterOptions
  takeovers: number
  seed: number
  /** Something that befalls the brokers during a takeover; resolves when they are whole again. */
  befall?: (takeover: number) => Promise<void>
  onTakeover?: (takeover: number) => void
}>

export type Takeovers = Readonly<{
  stopped: number
  killed: number
  /** Sequences 0 to this, exclusive, have been acknowledged: the outbox is empty. */
  sent: number
  /** Found by reading back: sent, and not acknowledged to the outbox. */
  found: number
  /** Why writers had to open the outputs anew, how often. */
  refused: ReadonlyMap<string, number>
  /** From the order to take over to the first acknowledgement. */
  longestMs: number
}>

/** Like the store: only of the life that owns the partition does it take anything. */
type Outbox = {
  life: Life
  mark: ReadBackMark | undefined
  next: number
  pending: Set<number>
}

const FEED_MS = 4
const FEED_MAX = 12
const PENDING_MAX = 3_000
const SENDING_MS_MAX = 150
const STOPPED_MS_MAX = 300
const ANSWER_MAX_MS = 120_000
const REFUSAL_MS_MAX = 100
const STOPS = 0.6

export async function runTakeovers(options: TakeoverOptions): Promise<Takeovers> {
  const dice = prng(options.seed)
  const outbox: Outbox = { life: 0, mark: undefined, next: 0, pending: new Set() }
  const refused = new Map<string, number>()
  const counts = { stopped: 0, killed: 0, found: 0, longestMs: 0 }
  const acknowledged = new EventTarget()
  await using stack = new AsyncDisposableStack()
  const living: Writer[] = []
  let owner: Writer | undefined

  async function addWriter(): Promise<void> {
    const writer = await startWriter(options.writer, (message) => {
      if (message.kind === 'present') counts.found += message.count
      else if (message.kind === 'refused') {
        const why = message.why.replaceAll(/\d+/g, 'n')
        refused.set(why, (refused.get(why) ?? 0) + 1)
      } else if (message.kind === 'acknowledged') {
        if (message.life !== outbox.life) void refuse(writer, message.life)
        else {
          for (const sequence of message.sequences) outbox.pending.delete(sequence)
          outbox.mark = message.mark
          acknowledged.dispatchEvent(new Event('some'))
        }
      }
    })
    living.push(stack.use(writer))
  }

  /** As by the store: the compare fails, and after a while the life hears of it and ends. */
  async function refuse(writer: Writer, life: Life): Promise<void> {
    await sleep(Math.random() * REFUSAL_MS_MAX)
    writer.tell({ kind: 'end', life })
  }

  function feed(): void {
    if (outbox.pending.size >= PENDING_MAX) return
    const from = outbox.next
    outbox.next += 1 + dice.below(FEED_MAX)
    for (let it = from; it < outbox.next; it++) outbox.pending.add(it)
    owner?.tell({ kind: 'add', life: outbox.life, stretch: { from, to: outbox.next } })
  }

  async function handOver(to: Writer): Promise<void> {
    owner = to
    outbox.life += 1
    const { life, mark } = outbox
    to.tell({ kind: 'take', life, mark, pending: stretchesOf(outbox.pending) })
  }

  function untilSome(what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = (): void =>
      reject(new Error(`${what}: nothing was acknowledged (seed ${options.seed})`))
    const timer = setTimeout(late, ANSWER_MAX_MS)
    acknowledged.addEventListener('some', () => resolve(), { once: true })
    return promise.finally(() => clearTimeout(timer))
  }

  async function takeOver(at: number): Promise<void> {
    const befallen = options.befall?.(at)
    // Seldom at once: then the one that is stopped was about to fence or to read back.
    await sleep(dice.chance(0.2) ? 0 : dice.below(SENDING_MS_MAX))
    const before = owner
    const isStop = dice.chance(STOPS)
    if (isStop) before?.send('SIGSTOP')
    else {
      before?.send('SIGKILL')
      living.splice(0, living.length, ...living.filter((it) => it !== before))
    }
    const next = living.find((it) => it !== before)
    if (next === undefined) throw new Error('there is nobody to take over')
    const taken = performance.now()
    const first = untilSome(`takeover ${at}`)
    await handOver(next)
    if (isStop) {
      counts.stopped++
      await sleep(dice.below(STOPPED_MS_MAX))
      before?.send('SIGCONT')
    } else {
      counts.killed++
      await addWriter()
    }
    await first
    counts.longestMs = Math.max(counts.longestMs, performance.now() - taken)
    await befallen
    options.onTakeover?.(at)
  }

  await Promise.all([addWriter(), addWriter(), addWriter()])
  const [first] = living
  if (first !== undefined) await handOver(first)
  const feeding = setInterval(feed, FEED_MS)
  try {
    await untilSome('the start')
    for (let at = 1; at <= options.takeovers; at++) await takeOver(at)
  } finally {
    clearInterval(feeding)
  }
  while (outbox.pending.size > 0) await untilSome('the end')
  return { ...counts, sent: outbox.next, refused }
}

/** Of ascending numbers. */
function stretchesOf(sequences: Iterable<number>): readonly Stretch[] {
  const stretches: { from: number; to: number }[] = []
  for (const it of sequences) {
    const last = stretches.at(-1)
    if (last?.to === it) last.to++
    else stretches.push({ from: it, to: it + 1 })
  }
  return stretches
}
