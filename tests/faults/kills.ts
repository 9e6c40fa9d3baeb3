/** Runs a deployment to its end while processes of it are killed. */
import type { Deployment } from '../support/deployment.ts'
import type { ForewarnProcess } from '../support/forewarn-process.ts'
import { prng } from '../support/prng.ts'
import type { Stream } from './stream.ts'

export type Kills = Readonly<{ instances: number; kills: number; seed: number }>

/** `hits`: kills that met a living process. `codes`: how those ended that were not killed. */
export type Killed = Readonly<{ hits: number; codes: readonly (number | undefined)[] }>

type Work = Pick<Stream, 'lines' | 'until'>

/** Of the stream: the last kill must meet somebody who is still at work. */
const LAST_PLACE = 0.9

/** Whoever of the living chance names, each time that a seeded place of the stream is reached. */
export async function runThroughKills(
  deployment: Deployment,
  { lines, until }: Work,
  { instances, kills, seed }: Kills,
): Promise<Killed> {
  const dice = prng(seed)
  const places = Array.from({ length: kills }, () => dice.fraction() * LAST_PLACE * lines.length)
  const names = Array.from({ length: instances }, (_, at) => `instance-${at}`)
  const running = new Map(names.map((name) => [name, deployment.run(name, until)]))
  const living = (): [string, ForewarnProcess][] => [...running].filter(([, it]) => it.isAlive())
  let hits = 0
  for (const place of places.toSorted((a, b) => a - b)) {
    await deployment.until(({ records }) => records > place, ...living().map(([, it]) => it))
    const [name, victim] = living()[dice.below(living().length)] ?? []
    if (name === undefined || victim === undefined) break
    if (await deployment.kill(name, victim)) hits++
    running.set(name, deployment.run(name, until))
  }
  const exits = await Promise.all([...running.values()].map((it) => it.exited))
  return { hits, codes: exits.map(({ code }) => code) }
}

/** Each time at a moment in which a warning is in its topic and the store does not know of it. */
export async function runThroughUnsureKills(
  deployment: Deployment,
  { until }: Work,
  kills: number,
): Promise<Killed> {
  const name = 'instance'
  let running = deployment.run(name, until)
  let hits = 0
  while (hits < kills && running.isAlive()) {
    const before = await deployment.progress()
    await deployment.until(({ written }) => written > before.written, running)
    running.send('SIGSTOP')
    if ((await deployment.writtenUnknown()).length === 0) {
      running.send('SIGCONT')
    } else if (await deployment.kill(name, running)) {
      hits++
      running = deployment.run(name, until)
    }
  }
  const { code } = await running.exited
  return { hits, codes: [code] }
}
