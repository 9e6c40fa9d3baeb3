/** Runs a deployment to its end while processes of it are killed, each at a seeded place of the stream. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment } from '../support/deployment.ts'
import type { ForewarnProcess } from '../support/forewarn-process.ts'
import { prng } from '../support/prng.ts'
import type { Stream } from './stream.ts'

export type Kills = Readonly<{ instances: number; kills: number; seed: number }>

/** `hits`: kills that met a living process. `codes`: how those ended that were not killed. */
export type Killed = Readonly<{ hits: number; codes: readonly (number | undefined)[] }>

/** What comes behind is short: firing what is due at the end takes longer. */
const LAST_PLACE = 0.9
/** From being written to the commit that says so a warning takes about so long. */
const UNSURE_MS = 60

/** Two of three kills wait until something is written, and hit before the store knows, or after. */
export async function runThroughKills(
  deployment: Deployment,
  { lines, until }: Pick<Stream, 'lines' | 'until'>,
  { instances, kills, seed }: Kills,
): Promise<Killed> {
  const dice = prng(seed)
  const places = Array.from({ length: kills }, () => dice.fraction() * LAST_PLACE * lines.length)
  const names = Array.from({ length: instances }, (_, at) => `instance-${at}`)
  const running = new Map(names.map((name) => [name, deployment.run(name, until)]))
  let hits = 0
  for (const [at, place] of places.toSorted((a, b) => a - b).entries()) {
    const [name, victim] = [...running][dice.below(instances)] ?? none()
    const workers: readonly ForewarnProcess[] = [...running.values()]
    await deployment.until(({ records }) => records > place, ...workers)
    if (at % 3 !== 0) {
      const { written: before } = await deployment.progress()
      await deployment.until(({ written }) => written > before, ...workers)
      await sleep(dice.fraction() * UNSURE_MS)
    }
    if (await deployment.kill(name, victim)) hits++
    running.set(name, deployment.run(name, until))
  }
  const exits = await Promise.all([...running.values()].map((it) => it.exited))
  return { hits, codes: exits.map(({ code }) => code) }
}

function none(): never {
  throw new RangeError('at least one instance')
}
