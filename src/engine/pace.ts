/** Waiting, and doing one thing after another. */
import { Unavailable } from '../core/ports.ts'
import type { Clock, Random } from '../core/ports.ts'

/** True when the time is over; false, early, when what waits has ended. */
export type Rest = (ms: number) => Promise<boolean>

export function createRest(clock: Clock, signal: AbortSignal): Rest {
  return async (ms) => {
    if (!signal.aborted) await clock.sleep(ms, signal)
    return !signal.aborted
  }
}

/** 50 ms, doubled with each try up to 2 s, less up to half of it at random. */
export function backOffMs(tries: number, random: Random): number {
  const full = Math.min(2_000, 50 * 2 ** Math.min(tries, 10))
  return full * (1 - random.fraction() / 2)
}

/** Asks again while the dependency is away; undefined: what asks has ended. */
export async function persist<T>(
  ask: () => Promise<T>,
  rest: Rest,
  random: Random,
  onAway: (why: string) => void,
): Promise<T | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      onAway(error.message)
      if (!(await rest(backOffMs(tries, random)))) return undefined
    }
  }
}

/** Runs tasks of one partition one at a time, in the order of asking. */
export type Turns = Readonly<{
  take: <T>(task: () => Promise<T>) => Promise<T>
  /** How many wait behind the task that runs. */
  waiting: () => number
}>

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let asked = 0
  async function run<T>(before: Promise<unknown>, task: () => Promise<T>): Promise<T> {
    await before
    return task()
  }
  return {
    waiting: () => Math.max(0, asked - 1),
    take: <T>(task: () => Promise<T>): Promise<T> => {
      asked++
      const turn = run(last, task)
      const over = (): void => {
        asked--
      }
      // The next does not care how this one ended: its caller was told.
      last = turn.then(over, over)
      return turn
    },
  }
}
