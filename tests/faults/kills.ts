/** Runs a deployment to its end while processes of it are killed, each at a seeded place of the stream. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment } from '../support/deployment.ts'
import type { ForewarnProcess } from '../support/forewarn-process.ts'
import { prng } from '../support/prng.ts'
import type { Stream } from './stream.ts'

export type Kills = Readonly<{ instances: number; kills: number; seed: number }>

/** `hits`: kills that met a living process. `codes`: how those ended that were not killed. */
export type Killed = Readonly<{ hits: number; codes: readonly (number | undefined)[] }>

/** Shares of the stream: the last kill must meet somebody who is still at work. */
const LAST_PLACE = 0.8
const WAIT_MAX = 0.04
/** From being written to the commit that says so a warning takes about so long. */
const UNSURE_MS = 60

/** Two of three kills wait until something is written, and hit before the store knows, or after. */
export async function runThroughKills(
  deployment: Deployment,
  { lines, until }: Pick<Stream, 'lines' | 'until'>,
  { instances, kills, seed }: Kills,
): Promise<Killed> {
  const dice = prng(seed)
  const places = Array.from({ length: kills }, () => dice.fraction() * LAST_PLACE)
  const names = Array.from({ length: instances }, (_, at) => `instance-${at}`)
  const running = new Map(names.map((name) => [name, deployment.run(name, until)]))
  const alive = (): [string, ForewarnProcess][] => [...running].filter(([, it]) => it.isAlive())
  const workers = (): ForewarnProcess[] => alive().map(([, it]) => it)
  let hits = 0
  for (const [at, place] of places.toSorted((a, b) => a - b).entries()) {
    await deployment.until(({ records }) => records > place * lines.length, ...workers())
    if (at % 3 !== 0) {
      const before = await deployment.progress()
      const recordsMax = before.records + WAIT_MAX * lines.length
      await deployment.until(
        ({ ends, records }) => hasSpoken(before.ends, ends) || records > recordsMax,
        ...workers(),
      )
      await sleep(dice.fraction() * UNSURE_MS)
    }
    const [name, victim] = alive()[dice.below(alive().length)] ?? []
    if (name === undefined || victim === undefined) break
    if (await deployment.kill(name, victim)) hits++
    running.set(name, deployment.run(name, until))
  }
  const exits = await Promise.all([...running.values()].map((it) => it.exited))
  return { hits, codes: exits.map(({ code }) => code) }
}

/** One offset more may be the marker with which a new writer shuts out the earlier ones. */
function hasSpoken(before: readonly number[], ends: readonly number[]): boolean {
  return ends.some((end, partition) => end > (before[partition] ?? 0) + 1)
}
