/** The instances of the service, and a process manager that starts again what ends by itself. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startForewarn } from '../support/forewarn-process.ts'
import type { Exit, ForewarnProcess } from '../support/forewarn-process.ts'
import { removeMember } from '../support/group-member.ts'
import { freePorts } from '../support/server-process.ts'
import type { Names } from './names.ts'

export type Ending = Readonly<{
  instance: number
  code: number | string
  isAsked: boolean
  ms: number
}>

export type Instances = Readonly<{
  count: number
  /** Where each tells of itself. */
  console: (instance: number) => string
  start: (instance: number) => void
  /** SIGKILL; the group hears of it (`isTold`) or has to find out. It stays down. */
  kill: (instance: number, isTold: boolean) => Promise<void>
  /** SIGTERM. Resolves to the milliseconds until its end; it stays down. */
  term: (instance: number) => Promise<number>
  pause: (instance: number) => void
  resume: (instance: number) => void
  /** Without an end, whatever `finish` has set. */
  startLive: (instance: number) => void
  /** `run --until`, to the end; what ends otherwise is started again. Rejects after `maxMs`. */
  finish: (untilMs: number, maxMs: number) => Promise<void>
  /** Of all SIGTERMs; undefined: there was none. */
  termMaxMs: () => number | undefined
  /** All that ended, in order. */
  endings: () => readonly Ending[]
  /** What those said last that ended by themselves otherwise than with 0. */
  lastWords: () => readonly string[]
  close: () => Promise<void>
}>

export type InstancesOptions = Readonly<{
  count: number
  folder: string
  names: Names
  grace: string
  brokers: string
  brokersOf: (instance: number) => string
  redisOf: (instance: number) => string
}>

type Slot = { process: ForewarnProcess | undefined; isWanted: boolean }

const AGAIN_MS = 500
const TELL_MAX_MS = 3_000
const WORDS = 800

export async function createInstances(options: InstancesOptions): Promise<Instances> {
  const { count, folder, names, brokers } = options
  const ports = await freePorts(2 * count)
  const slots: Slot[] = Array.from({ length: count }, () => ({
    process: undefined,
    isWanted: false,
  }))
  const endings: Ending[] = []
  const words: string[] = []
  const files = slots.map((_, instance) => writeConfig(instance))
  let until: string | undefined
  let termMaxMs: number | undefined

  function writeConfig(instance: number): string {
    const file = join(folder, `instance-${instance}.yaml`)
    const { groupId, namespace, topics } = names
    const settings = {
      kafka: {
        ...{ groupId, topics, clientId: clientId(instance) },
        brokers: options.brokersOf(instance).split(','),
      },
      redis: { namespace },
      clock: { grace: options.grace },
      http: {
        console: `127.0.0.1:${ports[2 * instance]}`,
        metrics: `127.0.0.1:${ports[2 * instance + 1]}`,
      },
    }
    writeFileSync(file, JSON.stringify(settings))
    return file
  }

  function slotOf(instance: number): Slot {
    const slot = slots[instance]
    if (slot === undefined) throw new Error(`there is no instance ${instance}`)
    return slot
  }

  function start(instance: number): void {
    const slot = slotOf(instance)
    slot.isWanted = true
    // Two of one name would be one that nobody ends.
    if (slot.process?.isAlive() === true) return
    const args = ['run', ...(until === undefined ? [] : ['--until', until])]
    const startedMs = performance.now()
    const process = startForewarn([...args, '--config', files[instance] ?? ''], {
      FOREWARN_REDIS__URL: options.redisOf(instance),
    })
    slot.process = process
    void process.exited.then((exit) => ended(instance, process, exit, startedMs))
  }

  async function ended(
    instance: number,
    process: ForewarnProcess,
    { code, signal, stderr }: Exit,
    startedMs: number,
  ): Promise<void> {
    const slot = slotOf(instance)
    const isAsked = !slot.isWanted || slot.process !== process
    const ms = performance.now() - startedMs
    endings.push({ instance, code: code ?? signal ?? 'unknown', isAsked, ms })
    if (isAsked) return
    if (code === 0 && until !== undefined) return
    words.push(`instance ${instance} ended with ${code ?? signal}: …${stderr.slice(-WORDS)}`)
    await sleep(AGAIN_MS)
    // Somebody may have started it meanwhile, or may not want it any more.
    if (slot.isWanted && slot.process === process) start(instance)
  }

  async function end(instance: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<number> {
    const slot = slotOf(instance)
    slot.isWanted = false
    const sentMs = performance.now()
    slot.process?.send(signal)
    await slot.process?.exited
    return performance.now() - sentMs
  }

  async function kill(instance: number, isTold: boolean): Promise<void> {
    await end(instance, 'SIGKILL')
    if (!isTold) return
    const told = removeMember(brokers, names.groupId, clientId(instance)).catch(() => {})
    await Promise.race([told, sleep(TELL_MAX_MS)])
  }

  async function finish(untilMs: number, maxMs: number): Promise<void> {
    until = new Date(untilMs).toISOString()
    for (const instance of slots.keys()) start(instance)
    const giveUpMs = performance.now() + maxMs
    const isOver = ({ process }: Slot): boolean => process?.isAlive() === false
    for (;;) {
      // One that ended with an error is being started again.
      const finished = slots
        .filter(isOver)
        .map(async ({ process }) => (await process?.exited)?.code)
      const codes = await Promise.all(finished)
      if (codes.length === count && codes.every((code) => code === 0)) return
      if (performance.now() > giveUpMs) {
        throw new Error(`not at the end after ${maxMs} ms\n${await hindrances()}`)
      }
      await sleep(100)
    }
  }

  /** What each instance says of itself, then its last words. */
  async function hindrances(): Promise<string> {
    const told = slots.map(async ({ process }, instance) => {
      const answer = await fetch(`${consoleOf(instance)}/api/status`).catch(() => undefined)
      const status = (await answer?.text()) ?? 'does not answer'
      process?.send('SIGTERM')
      const exit = await process?.exited
      return `instance ${instance}: ${status.slice(0, 4_000)}\n${exit?.stderr.slice(-4_000)}`
    })
    return (await Promise.all(told)).join('\n')
  }

  const consoleOf = (instance: number): string => `http://127.0.0.1:${ports[2 * instance]}`

  return {
    count,
    console: consoleOf,
    ...{ start, kill, finish },
    startLive: (instance) => {
      until = undefined
      start(instance)
    },
    term: async (instance) => {
      const isRunning = slotOf(instance).process?.isAlive() === true
      const ms = await end(instance, 'SIGTERM')
      if (isRunning) termMaxMs = Math.max(termMaxMs ?? 0, ms)
      return ms
    },
    termMaxMs: () => termMaxMs,
    pause: (instance) => void slotOf(instance).process?.send('SIGSTOP'),
    resume: (instance) => void slotOf(instance).process?.send('SIGCONT'),
    endings: () => endings,
    lastWords: () => words,
    close: async () => {
      await Promise.all([...slots.keys()].map((instance) => end(instance, 'SIGKILL')))
    },
  }
}

export function clientId(instance: number): string {
  return `instance-${instance}`
}
