/** Runs a deployment to its end while processes of it are killed, each at a seeded place of the stream. */
import type { Deployment } from '../support/deployment.ts'
import type { ForewarnProcess } from '../support/forewarn-process.ts'
import { prng } from '../support/prng.ts'
import type { Stream } from './stream.ts'

export type Kills = Readonly<{ instances: number; kills: number; seed: number }>

/** `hits`: kills that met a living process. `codes`: how those ended that were not killed. */
export type Killed = Readonly<{ hits: number; codes: readonly (number | undefined)[] }>

export async function runThroughKills(
  deployment: Deployment,
  { lines, until }: Pick<Stream, 'lines' | 'until'>,
  { instances, kills, seed }: Kills,
): Promise<Killed> {
  const dice = prng(seed)
  const places = Array.from({ length: kills }, () => dice.fraction()).toSorted((a, b) => a - b)
  const names = Array.from({ length: instances }, (_, at) => `instance-${at}`)
  const running = new Map<string, ForewarnProcess>()
  for (const name of names) running.set(name, deployment.run(name, until))
  let hits = 0
  for (const place of places) {
    const name = names[dice.below(instances)] ?? ''
    const victim = running.get(name)
    if (victim === undefined) continue
    // The last stretch is too short to be met: firing what is due at the end takes longer.
    await deployment.reached(place * 0.95 * lines.length, ...running.values())
    if (await deployment.kill(name, victim)) hits++
    running.set(name, deployment.run(name, until))
  }
  const exits = await Promise.all([...running.values()].map((it) => it.exited))
  return { hits, codes: exits.map(({ code }) => code) }
}
