/** Tasks of a partition's present life, one at a time; a dependency that is away holds the partition. */
import type { Observer } from '../core/observer.ts'
import { Unavailable } from '../core/ports.ts'
import type { Random } from '../core/ports.ts'
import type { Holds } from './holds.ts'
import type { Life } from './life.ts'
import { backOffMs } from './pace.ts'
import type { Rest, Turns } from './pace.ts'

export type LifeTasks = Readonly<{
  /** Not run at all once the life has ended. */
  inTurn: (it: Life, task: () => Promise<void>) => Promise<void>
  /** Asks a life in its turn, until it says yes. False: it ended first. */
  until: (it: Life, isSo: () => Promise<boolean>) => Promise<boolean>
}>

export type LifeTasksPorts = Readonly<{
  turns: Turns
  holds: Holds
  rest: Rest
  random: Random
  observer: Observer
  isPresent: (it: Life) => boolean
  onFatal: (error: unknown) => void
}>

const POLL_MS = 10

export function createLifeTasks(ports: LifeTasksPorts): LifeTasks {
  const { turns, holds, rest, random, observer, isPresent, onFatal } = ports
  let awayTries = 0

  function inTurn(it: Life, task: () => Promise<void>): Promise<void> {
    return turns.take(async () => {
      if (!isPresent(it) || it.state.isEnded) return
      try {
        await task()
        awayTries = 0
      } catch (error) {
        // A bug is told.
        if (!(error instanceof Unavailable)) return onFatal(error)
        observer.storeError('read', error.message)
        holds.hold('store')
        releaseLater(it).catch(onFatal)
      }
    })
  }

  async function releaseLater(it: Life): Promise<void> {
    await rest(backOffMs(awayTries++, random))
    if (isPresent(it)) holds.release('store')
  }

  async function until(it: Life, isSo: () => Promise<boolean>): Promise<boolean> {
    let isYes = false
    for (let isRested = true; !isYes && isRested && isPresent(it);) {
      await inTurn(it, async () => {
        isYes = await isSo()
      })
      if (!isYes) isRested = await rest(POLL_MS)
    }
    return isYes
  }

  return { inTurn, until }
}
